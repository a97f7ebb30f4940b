"""`kpi list` and `kpi show`: the KPIs there are, and one definition in full."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpicore.cli.screen import console, json_option, print_json, workspace_option

if TYPE_CHECKING:
    from kpicore.config import Config
    from kpicore.registry import Registry


@click.command("list")
@click.option("--search", default="", metavar="TEXT", help="Only KPIs with this text in name, meaning or synonyms.")
@workspace_option
@json_option
def list_command(search: str, workspace: Path, as_json: bool) -> None:
    """List the KPIs, with their variants and units."""
    from kpicore.cli.definitions import list_table, listed
    from kpicore.wording import matches

    registry, config, troubled = _known(workspace)
    defaults = config.default_variants
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
    from kpicore.engine.definitions import Definitions

    registry, config, _ = _known(workspace)
    definitions = Definitions(registry, config.settings, config.default_variants)
    metric = registry.metrics[definitions.named(kpi)[0]]
    known = metric, registry.givers[metric.id], config.default_variants, definitions
    if as_json:
        print_json(shown(*known))
        return
    screen = console()
    for part in definition_page(*known):
        screen.print(part)


def _known(workspace: Path) -> tuple[Registry, Config, list[str]]:
    """Return the registry, the settings of the workspace or the usual ones, and the plugins with problems."""
    from kpicore.config import FILE, Config, check_default_variants, read_config
    from kpicore.plugins import load_plugins
    from kpicore.registry import build_registry

    config = read_config(workspace) if (workspace / FILE).exists() else Config(workspace, "")
    plugins = load_plugins()
    registry = build_registry(plugins.contributions)
    check_default_variants(config, registry)
    troubled = {each.name for each in plugins.reports if each.problems} | {each.giver for each in registry.problems}
    return registry, config, sorted(troubled)
