"""`kpi list` and `kpi show`: the KPIs there are, and one definition in full."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kpicore.cli.screen import console, json_option, print_json, workspace_option

if TYPE_CHECKING:
    from kpicore.config.reader import Config
    from kpicore.model.metrics import Metric
    from kpicore.model.schema import Field
    from kpicore.registry.registry import Registry


def toml_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--toml`, given to the command as `as_toml`."""
    return click.option("--toml", "as_toml", is_flag=True, help="Print the definition for a file of your own.")(command)


@click.command("list")
@click.option("--search", default="", metavar="TEXT", help="Only KPIs with this text in name, meaning or synonyms.")
@click.option("--language", metavar="CODE", help="Names and meanings in zh, hu, ru, ro, pt, or what plugins give.")
@workspace_option
@toml_option
@json_option
def list_command(search: str, language: str | None, workspace: Path, as_toml: bool, as_json: bool) -> None:
    """List the KPIs, with their variants and units."""
    from kpicore.cli.definitions import language_table, list_table, listed

    registry, config, troubled = _known(workspace)
    defaults = config.default_variants
    metrics = registry.catalogue.found(search)
    if as_toml:
        _print_toml(metrics, () if search else _fields(registry))
    elif as_json:
        print_json([listed(metric, registry.givers[metric.id], defaults) for metric in metrics])
    elif metrics and language:
        console().print(language_table(metrics, _known_language(language, registry)))
    elif metrics:
        console().print(list_table(metrics, defaults))
    else:
        click.echo(f"No KPI has '{search}' in its name, meaning or synonyms.")
    if troubled:
        click.echo(f"Definitions with problems: {', '.join(troubled)}. See: kpi check", err=True)


@click.command()
@click.argument("kpi")
@workspace_option
@toml_option
@json_option
def show(kpi: str, workspace: Path, as_toml: bool, as_json: bool) -> None:
    """Show one KPI's definition: variants side by side, formulas, inputs, meaning, bands."""
    from kpicore.cli.definitions import definition_page, shown
    from kpicore.engine.compile.definitions import Definitions

    registry, config, _ = _known(workspace)
    definitions = Definitions(registry, config.settings, config.default_variants)
    metric = registry.metrics[definitions.named(kpi)[0]]
    if as_toml:
        _print_toml([metric])
        return
    known = metric, registry.givers[metric.id], config.default_variants, definitions
    if as_json:
        print_json(shown(*known))
        return
    screen = console()
    for part in definition_page(*known):
        screen.print(part)


def _known_language(code: str, registry: Registry) -> str:
    """Return the code of a language that some KPI has words in. Raises UnknownName."""
    from kpicore.errors import UnknownName

    known = {language for metric in registry.metrics.values() for language in metric.descriptions} | {"en"}
    if code.strip().casefold() not in known:
        raise UnknownName("language", code, known)
    return code.strip().casefold()


def _print_toml(metrics: Iterable[Metric], fields: Iterable[tuple[Field, bool]] = ()) -> None:
    from kpicore.definitions.writer import definitions_text
    from kpicore.plugins.installed import load_plugins

    ids = {metric.id for _, metric in load_plugins().contributions.metrics}
    click.echo(definitions_text(metrics, ids, fields), nl=False)


def _fields(registry: Registry) -> Iterable[tuple[Field, bool]]:
    """Yield the fields that are made and those of own files, each with whether it stands in for a given one there."""
    from kpicore.plugins.installed import load_plugins
    from kpicore.registry.joined import build_registry

    entities = build_registry(load_plugins().contributions).entities
    for entity in registry.entities.values():
        for field in entity.fields:
            if field.how or (entity.name, field.name) in registry.own_fields:
                yield field, entity.name in entities and entities[entity.name].field(field.name) is not None


def _known(workspace: Path) -> tuple[Registry, Config, list[str]]:
    """Return the registry, the settings of the workspace or the usual ones, and who has problems."""
    from kpicore.config.reader import FILE, Config, check_default_variants, read_config
    from kpicore.definitions import workspace_registry
    from kpicore.plugins.installed import load_plugins
    from kpicore.plugins.settled import settled

    plugins = load_plugins()
    config = settled(read_config(workspace) if (workspace / FILE).exists() else Config(workspace, ""), plugins)
    registry = workspace_registry(plugins.contributions, config)
    check_default_variants(config, registry)
    troubled = {report.name for report in plugins.reports if report.problems} | {
        problem.giver for problem in registry.problems
    }
    return registry, config, sorted(troubled)
