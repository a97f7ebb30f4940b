"""`kpi plugins`: which plugins are installed, what they give, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kpicore.cli.commands import offers, problems
from kpicore.cli.screen import console, json_option, print_json, tell_outdated, terminal_table, workspace_option
from kpicore.errors import BadConfig, KpiError
from kpicore.text.plain_text import harmless
from kpicore.utils.isolation import disabled_names

if TYPE_CHECKING:
    from rich.console import RenderableType

    from kpicore.config.reader import Config
    from kpicore.model.source_kinds import SourceKind
    from kpicore.plugins.manager import Plugins
    from kpicore.registry.contributions import Problem
    from kpicore.registry.registry import Registry

_COLOURS = {"ok": "green", "partly": "yellow", "broken": "red", "disabled": "dim"}


@dataclass(frozen=True, slots=True)
class PluginLine:
    """One plugin, or one distribution's commands, as `kpi plugins` shows it; `replaces` are built-in items.

    `source_kinds` are the kinds of sources that it gives, each with its settings and streams.
    """

    name: str
    distribution: str
    version: str
    status: str
    gives: tuple[str, ...]
    problems: tuple[str, ...]
    replaces: tuple[str, ...] = ()
    source_kinds: tuple[Mapping[str, Any], ...] = ()


@click.command()
@workspace_option
@json_option
def plugins(workspace: Path, as_json: bool) -> None:
    """Show the plugins, what each gives, and what failed and why.

    Says on stderr what is refused in kpi.toml, and when the tables of the workspace were made by other definitions.
    """
    from kpicore.config.reader import FILE, Config
    from kpicore.engine.compile.definitions import Definitions
    from kpicore.plugins.installed import load_plugins
    from kpicore.plugins.settled import settled, undeclared
    from kpicore.plugins.undone import undone
    from kpicore.registry.contributions import Problem
    from kpicore.registry.joined import build_registry
    from kpicore.review.definition_checks import definition_problems
    from kpicore.review.references import unknown_names

    loaded = load_plugins()
    registry = build_registry(loaded.contributions)
    usual = settled(Config(workspace, ""), loaded).settings
    unknown = unknown_names(Definitions(registry, usual), loaded.contributions, loaded.newcomers)
    config = _config(workspace, loaded)
    unread = [Problem(giver, FILE, problem) for givers, problem in undeclared(config, loaded) for giver in givers]
    refused = [*registry.problems, *definition_problems(registry, usual), *unknown, *unread]
    refused += _left_empty(config, registry)
    # to load commands runs foreign code at import, which may change warnings, signals or the working folder
    with undone():
        of_commands = [*_command_lines()]
    lines = [*_plugin_lines(loaded, refused), *of_commands]
    if as_json:
        print_json([{name: getattr(line, name) for name in PluginLine.__slots__} for line in lines])
    else:
        screen = console()
        for part in _rendered(lines):
            screen.print(part)
    tell_outdated(workspace)


def _config(workspace: Path, loaded: Plugins) -> Config:
    """Return the settings of the workspace, and say on stderr what is refused; the defaults where none can be read."""
    from kpicore.config.reader import FILE, Config, read_config, unread_sources
    from kpicore.plugins.settled import settled_in_part

    if not (workspace / FILE).exists():
        return Config(workspace, "")
    try:
        config, refused = settled_in_part(read_config(workspace), loaded)
    except BadConfig as error:
        click.echo(str(error), err=True)
        return Config(workspace, "")
    for refusal in dict.fromkeys(map(str, (*refused, *unread_sources(config)))):
        click.echo(refusal, err=True)
    return config


def _left_empty(config: Config, registry: Registry) -> Iterator[Problem]:
    """Yield the fields that the last load left empty, as it came to too large numbers."""
    from kpicore.model.notes import TOO_LARGE
    from kpicore.registry.contributions import Problem
    from kpicore.warehouse.kinds import DUCKDB_KIND

    # no load makes the tables of another kind
    if config.warehouse_kind is not DUCKDB_KIND or not DUCKDB_KIND.stamped(config):
        return
    try:
        with closing(DUCKDB_KIND.opened(config)) as warehouse:
            entities = warehouse.state.entities
    except KpiError:  # the command that asks for numbers tells it
        return
    for name, state in entities.items():
        for note in state.notes:
            if note.kind == TOO_LARGE and (name, note.value("field")) in registry.makers:
                yield Problem(str(note.value("giver")), f"{name}.{note.value('field')}", registry.wording.note(note))


def _plugin_lines(loaded: Plugins, refused: Iterable[Problem]) -> Iterator[PluginLine]:
    for report in loaded.reports:
        refusals = (f"{problem.item}: {problem.problem}" for problem in refused if report.name == problem.giver)
        wrong = tuple(dict.fromkeys([*report.problems, *refusals]))  # two variants may have the same one
        status = "partly" if wrong and report.status == "ok" else report.status
        gives = tuple(f"{n} {(kind if n > 1 else _singular(kind)).replace('_', ' ')}" for kind, n in report.gives)
        replaced = (
            f"{stand_in.item} of '{stand_in.owner}'"
            for stand_in in loaded.contributions.stand_ins
            if report.name == stand_in.giver
        )
        kinds = tuple(_source_kind(kind) for giver, kind in loaded.contributions.sources if giver == report.name)
        known_as = report.name, report.distribution, report.version
        yield PluginLine(*known_as, status, gives, wrong, tuple(replaced), kinds)


def _source_kind(kind: SourceKind) -> Mapping[str, Any]:
    """Return what a kind of source declares, as JSON has it; every source has the other settings too."""
    settings = [
        {
            "key": setting.key,
            "type": setting.type.value,
            "many": setting.many,
            "required": setting.required,
            "default": setting.default,
            "choices": setting.choices,
            "secret": setting.secret,
            "meaning": setting.meaning,
        }
        for setting in kind.declared
    ]
    streams = [{part.name: getattr(stream, part.name) for part in fields(stream)} for stream in kind.streams]
    named = {"kind": kind.kind, "meaning": kind.meaning}
    return {**named, "settings": settings, "streams": streams, "links": kind.link is not None}


def _singular(kind: str) -> str:
    return kind.removesuffix("ies") + "y" if kind.endswith("ies") else kind.removesuffix("s")


def _command_lines() -> Iterator[PluginLine]:
    by_giver: dict[tuple[str, str], PluginLine] = {}
    for name, offer in offers(disabled_names()).items():
        for point, problem in problems(name, offer):
            key = point.distribution, point.version
            line = by_giver.get(key, PluginLine("commands", *key, "ok", (), ()))
            if problem:
                line = replace(line, problems=(*line.problems, f"kpi {name}: {problem}"))
            else:
                line = replace(line, gives=(*line.gives, f"kpi {name}"))
            if offer.instead_of is not None and point in offer.points and not problem:
                line = replace(line, replaces=(*line.replaces, f"kpi {name} of '{offer.instead_of.distribution}'"))
            by_giver[key] = line
    for _, line in sorted(by_giver.items()):
        yield replace(line, status="ok" if not line.problems else "partly" if line.gives else "broken")


def _rendered(lines: list[PluginLine]) -> Iterator[RenderableType]:
    from rich.text import Text

    shown = terminal_table("plugin", "from", "gives", "status")
    for line in lines:
        source = f"{line.distribution} {line.version}".strip()
        status = Text(line.status, style=_COLOURS[line.status])
        gives = harmless(", ".join(line.gives))
        shown.add_row(Text(harmless(line.name)), Text(harmless(source)), Text(gives), status)
    yield shown
    for line in lines:
        giver = harmless(f" ({line.distribution}): ")
        for stand_in in line.replaces:
            yield Text.assemble((harmless(line.name), "bold"), giver, f"replaces {harmless(stand_in)}")
        for kind in line.source_kinds:
            yield Text.assemble((harmless(line.name), "bold"), giver, harmless(_in_words(kind)))
        for problem in line.problems:
            yield Text.assemble((harmless(line.name), "bold"), giver, (harmless(problem), "red"))


def _in_words(kind: Mapping[str, Any]) -> str:
    """Return a kind of source in a line: what it needs, what more can be written, which streams it has."""
    needed = [setting["key"] for setting in kind["settings"] if setting["required"]]
    others = [setting["key"] for setting in kind["settings"] if not setting["required"]]
    parts = ((f"needs {', '.join(needed)}", needed), (f"may have {', '.join(others)}", others))
    takes = "; ".join(words for words, keys in parts if keys)
    streams = ", ".join(f"{stream['name']} ({_of_stream(stream)})" for stream in kind["streams"])
    told = filter(None, (takes, f"streams: {streams}" if streams else ""))
    return f"source kind '{kind['kind']}': {'; '.join(told) or kind['meaning']}"


def _of_stream(stream: Mapping[str, Any]) -> str:
    parts = [
        stream["entity"],
        f"by {stream['cursor']}" if stream["cursor"] else "read whole",
        f"deletes: {stream['deletes']}",
        *(name for name in ("merges", "history") if stream[name]),
        *filter(None, (stream["zone"], stream["currency"])),
    ]
    return ", ".join(parts)
