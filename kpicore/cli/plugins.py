"""`kpi plugins`: which plugins are installed, what they give, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpicore.cli.commands import Broken, commands, load_command
from kpicore.cli.outdated import tell_outdated
from kpicore.cli.screen import console, json_option, print_json, terminal_table, workspace_option
from kpicore.errors import BadConfig
from kpicore.foreign import disabled_names

if TYPE_CHECKING:
    from rich.console import RenderableType

    from kpicore.plugins import Plugins
    from kpicore.registry import Problem

_COLOURS = {"ok": "green", "partly": "yellow", "broken": "red", "disabled": "dim"}


@dataclass(frozen=True, slots=True)
class Line:
    """One plugin, or one distribution's commands, as `kpi plugins` shows it."""

    name: str
    distribution: str
    version: str
    status: str
    gives: tuple[str, ...]
    problems: tuple[str, ...]


@click.command()
@workspace_option
@json_option
def plugins(workspace: Path, as_json: bool) -> None:
    """Show the plugins, what each gives, and what failed and why.

    Says on stderr what is refused in kpi.toml, and when the tables of the workspace were made by other definitions.
    """
    from kpicore.checks import definition_problems
    from kpicore.config import Config
    from kpicore.own import settled
    from kpicore.plugins import load_plugins
    from kpicore.registry import build_registry

    loaded = load_plugins()
    registry = build_registry(loaded.contributions)
    usual = settled(Config(workspace, ""), loaded).settings
    refused = [*registry.problems, *definition_problems(registry, usual), *_unread(workspace, loaded)]
    lines = [*_plugin_lines(loaded, refused), *_command_lines()]
    if as_json:
        print_json([{each: getattr(line, each) for each in Line.__slots__} for line in lines])
    else:
        screen = console()
        for part in _rendered(lines):
            screen.print(part)
    tell_outdated(workspace)


def _unread(workspace: Path, loaded: Plugins) -> Iterator[Problem]:
    """Yield what nobody reads in the workspace's kpi.toml, for each plugin that perhaps declares it."""
    from kpicore.config import FILE, read_config
    from kpicore.own import settled_in_part, undeclared
    from kpicore.registry import Problem

    if not (workspace / FILE).exists():
        return
    try:
        config, refused = settled_in_part(read_config(workspace), loaded)
    except BadConfig as error:
        click.echo(str(error), err=True)
        return
    for each in refused:
        click.echo(str(each), err=True)
    yield from (Problem(giver, FILE, told) for givers, told in undeclared(config, loaded) for giver in givers)


def _plugin_lines(loaded: Plugins, refused: Iterable[Problem]) -> Iterator[Line]:
    for each in loaded.reports:
        refusals = (f"{one.item}: {one.problem}" for one in refused if each.name == one.giver)
        problems = list(dict.fromkeys([*each.problems, *refusals]))  # two variants may have the same one
        status = "partly" if problems and each.status == "ok" else each.status
        gives = tuple(f"{n} {kind if n > 1 else _one(kind)}" for kind, n in each.gives)
        yield Line(each.name, each.distribution, each.version, status, gives, tuple(problems))


def _one(kind: str) -> str:
    return "entity" if kind == "entities" else kind.removesuffix("s")


def _command_lines() -> Iterator[Line]:
    by_giver: dict[tuple[str, str], dict[str, str]] = {}
    for name, points in commands(disabled_names()).items():
        found = load_command(name, points)
        for each in points:
            given = by_giver.setdefault((each.distribution, each.version), {})
            given[name] = found.problem if isinstance(found, Broken) else ""
    for (distribution, version), given in sorted(by_giver.items()):
        problems = tuple(f"kpi {name}: {problem}" for name, problem in given.items() if problem)
        status = "ok" if not problems else "broken" if len(problems) == len(given) else "partly"
        gives = tuple(f"kpi {name}" for name, problem in given.items() if not problem)
        yield Line("commands", distribution, version, status, gives, problems)


def _rendered(lines: list[Line]) -> Iterator[RenderableType]:
    from rich.text import Text

    shown = terminal_table("plugin", "from", "gives", "status")
    for line in lines:
        source = f"{line.distribution} {line.version}".strip()
        status = Text(line.status, style=_COLOURS[line.status])
        shown.add_row(Text(line.name), Text(source), Text(", ".join(line.gives)), status)
    yield shown
    for line in lines:
        for problem in line.problems:
            yield Text.assemble((line.name, "bold"), (f" ({line.distribution}): ", ""), (problem, "red"))
