"""Find the commands that built-ins and plugins give; one that is broken hurts no other.

A built-in command stays: a newcomer's of its name is refused, unless its entry point is of the group of those that
replace, and no other one is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import click

from kpicore.errors import KpiError
from kpicore.plugins.discovery import GROUP as PLUGINS
from kpicore.plugins.discovery import EntryPoint, entry_points_of
from kpicore.text.plain_text import harmless, value_shown
from kpicore.utils.isolation import failure_words, quiet

GROUP = "kpicore.commands"
REPLACING = "kpicore.commands.replacing"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_SHOWN = 45
"""Characters of a short help: the help gives the room that it has, too."""


@dataclass(frozen=True, slots=True)
class BrokenCommand:
    """A command that cannot be loaded, and why, in one line."""

    name: str
    giver: str
    problem: str


@dataclass(frozen=True, slots=True)
class Offer:
    """Who gives the command of a name: `points` is one where it is sound, several where they clash, none where all are
    refused. `instead_of` is the built-in one that it replaces; `refused` tells why others are not used.
    """

    points: tuple[EntryPoint, ...]
    instead_of: EntryPoint | None = None
    refused: tuple[tuple[EntryPoint, str], ...] = ()


def offers(
    disabled: Collection[str], *, found: Mapping[str, Sequence[EntryPoint]] | None = None
) -> Mapping[str, Offer]:
    """Return who gives each command. `found` replaces the installed entry points, by group."""
    points = entry_points_of((PLUGINS, GROUP, REPLACING)) if found is None else found
    usable = {
        group: [point for point in points.get(group, ()) if not _is_shut(point, points.get(PLUGINS, ()), disabled)]
        for group in (GROUP, REPLACING)
    }
    plain, replacing = (_by_name(usable[group]) for group in (GROUP, REPLACING))
    return {name: _offer(name, plain.get(name, []), replacing.get(name, [])) for name in sorted({*plain, *replacing})}


def _is_shut(command: EntryPoint, plugins: Sequence[EntryPoint], disabled: Collection[str]) -> bool:
    """Whether its distribution is disabled, or all the plugins that it stands in."""
    if not disabled or command.distribution.casefold() in disabled:
        return bool(disabled)
    owners = [plugin for plugin in plugins if plugin.holds(command)]
    return bool(owners) and all(plugin.is_in(disabled) for plugin in owners)


def _by_name(points: Sequence[EntryPoint]) -> dict[str, list[EntryPoint]]:
    ordered = sorted(points, key=lambda point: point.name)
    return {name: list(same_name) for name, same_name in groupby(ordered, key=lambda point: point.name)}


def _offer(name: str, plain: Sequence[EntryPoint], replacing: Sequence[EntryPoint]) -> Offer:
    if _NAME.fullmatch(name) is None:
        why = "a command is named by lower-case letters, digits, '-' and '_', at most 40 of them"
        return Offer((), refused=tuple((point, why) for point in (*plain, *replacing)))
    built_in = next((point for point in plain if point.is_built_in), None)
    if built_in is None:
        return Offer(
            tuple(plain), refused=tuple((point, "it replaces nothing that is built in") for point in replacing)
        )
    why = f"it is built in; to stand in for it, name it in the entry points of {REPLACING}"
    refused = [(point, why) for point in plain if point is not built_in]
    # of several that would replace it none is taken: which one would hang on the order of installation
    if len(replacing) == 1:
        return Offer(tuple(replacing), built_in, tuple(refused))
    both = f"{_givers(replacing)} would all replace it: the built-in one stays"
    return Offer((built_in,), None, (*refused, *((point, both) for point in replacing)))


def _givers(points: Sequence[EntryPoint]) -> str:
    return ", ".join(sorted(point.distribution for point in points))


def load_command(name: str, offer: Offer) -> click.Command | BrokenCommand:
    """Return the command of that name, or what is wrong with it."""
    givers = _givers(offer.points)
    if len(offer.points) > 1:
        return BrokenCommand(name, givers, f"given more than once, by {givers}")
    try:
        with quiet():
            command = offer.points[0].load()
            if not isinstance(command, click.Command):
                return BrokenCommand(name, givers, f"{offer.points[0].value} is no click command")
            # looked at now: a broken help of one command would else break `kpi --help` for all
            if problem := _unshowable(command):
                return BrokenCommand(name, givers, problem)
    except Exception as error:  # foreign code: whatever it raises must not stop the others
        return BrokenCommand(name, givers, failure_words(error))
    return command


def _unshowable(command: click.Command) -> str:
    """Return why a command cannot stand in the help among those of all others, "" where it can."""
    shown, hidden = command.get_short_help_str(_SHOWN), command.hidden
    if type(shown) is not str:
        return f"its short help is a text, not {value_shown(shown)}"
    if type(hidden) is not bool:
        return f"its hidden is True or False, not {value_shown(hidden)}"
    if not shown.isprintable():
        command.short_help = harmless(shown)
    return ""


def shown_command(name: str, offer: Offer) -> click.Command:
    """Return the command that runs under a name: a broken one that would replace a built-in one leaves it there."""
    command = load_command(name, offer)
    if isinstance(command, BrokenCommand) and offer.instead_of is not None:
        command = load_command(name, Offer((offer.instead_of,)))
    return _stand_in(command) if isinstance(command, BrokenCommand) else command


def problems(name: str, offer: Offer) -> Iterator[tuple[EntryPoint, str]]:
    """Yield what is wrong with each entry point of a name, "" where nothing is. Loads the command."""
    command = load_command(name, offer) if offer.points else None
    for point in offer.points:
        yield point, command.problem if isinstance(command, BrokenCommand) else ""
    if offer.instead_of is not None:
        yield offer.instead_of, ""
    yield from offer.refused


def _stand_in(broken: BrokenCommand) -> click.Command:
    """Return a command that shows in the help as broken, and tells why when it is run."""

    def refuse() -> None:
        raise KpiError(
            f"the command '{broken.name}' of {broken.giver} is broken: {broken.problem}.", hint="See: kpi plugins"
        )

    takes_anything = {"ignore_unknown_options": True, "allow_extra_args": True}
    short = f"(broken: {broken.problem})"
    return click.Command(broken.name, context_settings=takes_anything, callback=refuse, help=short, short_help=short)
