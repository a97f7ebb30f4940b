"""`kpi list` and `kpi show`: the KPIs there are, and one definition in full."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpicore.cli.screen import console, json_option, print_json, workspace_option

if TYPE_CHECKING:
    from kpicore.config import Config
    from kpicore.metrics import Metric
    from kpicore.registry import Registry


@click.command("list")
@click.option("--search", default="", metavar="TEXT", help="Only KPIs with this text in name, meaning or synonyms.")
@workspace_option
@json_option
def list_command(search: str, workspace: Path, as_json: bool) -> None:
    """List the KPIs, with their variants and units."""
    from kpicore.cli.definitions import list_table, listed
    from kpicore.wording import matches

    registry, defaults, troubled = _known(workspace)
    found = [each for each in registry.metrics.values() if matches(each, search)]
    if as_json:
        print_json([listed(each, registry.givers[each.id], defaults) for each in found])
    elif found:
        console().print(list_table(found, defaults))
    else:
        click.echo(f"No KPI has '{search}' in its name, meaning or synonyms.")
    if troubled:
        click.echo(f"Plugins with problems: {', '.join(troubled)}. See: kpi plugins", err=True)


@click.command()
@click.argument("kpi")
@workspace_option
@json_option
def show(kpi: str, workspace: Path, as_json: bool) -> None:
    """Show one KPI's definition: variants side by side, formulas, inputs, meaning, bands."""
    from kpicore.cli.definitions import definition_page, shown

    registry, defaults, _ = _known(workspace)
    metric = _metric(registry, kpi)
    if as_json:
        print_json(shown(metric, registry.givers[metric.id], defaults))
        return
    screen = console()
    for part in definition_page(metric, registry.givers[metric.id], defaults):
        screen.print(part)


def _metric(registry: Registry, given: str) -> Metric:
    """Return the metric of an id, alias or `id.variant`. Raises UnknownName."""
    from kpicore.errors import UnknownName

    id, _, variant = given.partition(".")
    metric = registry.metric(id)
    if variant and variant.casefold() not in metric.variant_names:
        raise UnknownName("variant", variant, metric.variant_names, where=f"KPI '{metric.id}'")
    return metric


def _known(workspace: Path) -> tuple[Registry, Mapping[str, str], list[str]]:
    """Return the registry, the workspace's preferred variants if there is one, and the broken plugins."""
    from kpicore.config import FILE, read_config
    from kpicore.plugins import load_plugins
    from kpicore.registry import build_registry

    config: Config | None = read_config(workspace) if (workspace / FILE).exists() else None
    plugins = load_plugins()
    registry = build_registry(plugins.contributions)
    troubled = {each.name for each in plugins.reports if each.problems} | {each.giver for each in registry.problems}
    return registry, config.default_variants if config else {}, sorted(troubled)
