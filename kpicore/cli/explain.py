"""`kpi explain`: what stands behind one number, down to its rows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpicore.cli.asking import cuts_given, day_given, question_options
from kpicore.cli.screen import console, json_option, print_json, workspace_option

if TYPE_CHECKING:
    from kpicore.engine.explain.explain import Explanation
    from kpicore.workspace import Workspace


@click.command()
@click.argument("kpi", metavar="KPI[.VARIANT]")
@question_options
@click.option("--rows", is_flag=True, help="List the records that each input counts, latest first.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(min=1), help="How many records an input.")
@click.option("--sql", is_flag=True, help="Show the statements that read each input, and their values.")
@click.option("--against", metavar="VARIANT", help="Tell why another variant of the KPI differs.")
@workspace_option
@json_option
def explain(
    kpi: str,
    period: str,
    where: tuple[str, ...],
    as_of: str | None,
    rows: bool,
    limit: int,
    sql: bool,
    against: str | None,
    workspace: Path,
    as_json: bool,
) -> None:
    """Explain one number: definition, inputs, notes, freshness.

    \b
    kpi explain KPI --period 2026-Q3
    kpi explain KPI --period 2026-Q3 --where rep="Ann Lee" --rows
    kpi explain KPI.VARIANT --period 2026-Q3 --against VARIANT
    """
    from kpicore.workspace import open_workspace

    with open_workspace(workspace) as opened:
        if against is not None:
            if as_of or rows or sql:
                raise click.UsageError("--against compares whole periods: leave out --as-of, --rows and --sql.")
            from kpicore.cli.bridged import show_bridge

            other = against if "." in against else f"{kpi.partition('.')[0]}.{against}"
            show_bridge(opened.bridge(kpi, other, period, cuts_given(where)), opened.wording, as_json)
            return
        explanation = opened.explain(kpi, period, cuts_given(where), day_given(as_of))
        listed = limit if rows else 0
        if as_json:
            from kpicore.cli.explained import explained_record

            print_json(explained_record(explanation, opened.wording, listed, sql))
        else:
            _show(explanation, opened, period, listed, sql)


def _show(explanation: Explanation, workspace: Workspace, period: str, listed: int, sql: bool) -> None:
    from kpicore.cli.explained import page

    screen = console()
    for part in page(explanation, workspace, period, listed, sql):
        screen.print(part)
