"""Find the commands that built-ins and plugins give; one that is broken hurts no other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import click

from kpicore.discovery import EntryPoint, entry_points
from kpicore.errors import KpiError
from kpicore.foreign import told

GROUP = "kpicore.commands"


@dataclass(frozen=True, slots=True)
class Broken:
    """A command that cannot be loaded, and why, in one line."""

    name: str
    giver: str
    problem: str


def commands(disabled: Collection[str], *, found: Iterable[EntryPoint] | None = None) -> Mapping[str, list[EntryPoint]]:
    """Return the entry points of commands by name; a sound name has exactly one."""
    by_name: dict[str, list[EntryPoint]] = {}
    for each in entry_points(GROUP) if found is None else found:
        if each.distribution.casefold() not in disabled:
            by_name.setdefault(each.name, []).append(each)
    return dict(sorted(by_name.items()))


def load_command(name: str, points: list[EntryPoint]) -> click.Command | Broken:
    """Return the command of that name, or what is wrong with it."""
    givers = ", ".join(sorted(each.distribution for each in points))
    if len(points) > 1:
        return Broken(name, givers, f"given more than once, by {givers}")
    try:
        found = points[0].load()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # foreign code: whatever it raises must not stop the others, a panic of Rust too
        return Broken(name, givers, told(error))
    if not isinstance(found, click.Command):
        return Broken(name, givers, f"{points[0].value} is no click command")
    return found


def stand_in(broken: Broken) -> click.Command:
    """Return a command that shows in the help as broken, and tells why when it is run."""

    def refuse() -> None:
        raise KpiError(
            f"the command '{broken.name}' of {broken.giver} is broken: {broken.problem}.", hint="See: kpi plugins"
        )

    takes_anything = {"ignore_unknown_options": True, "allow_extra_args": True}
    short = f"(broken: {broken.problem})"
    return click.Command(broken.name, context_settings=takes_anything, callback=refuse, help=short, short_help=short)
