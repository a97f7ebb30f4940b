"""`kpi report`: a report on screen, as an HTML file, as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpicore import workspace_option

if TYPE_CHECKING:
    from kpicore import Workspace
    from kpicore_reports.filled_report import FilledReport


@click.command()
@click.argument("name", metavar="[NAME]", required=False)
@click.option("-p", "--period", default="this quarter", show_default=True, metavar="PERIOD", help="As in kpi get.")
@click.option("--where", multiple=True, metavar="DIM=VALUE", help="Only these rows, as in kpi get.")
@click.option("--by", multiple=True, metavar="DIM", help="Lines by this dimension instead of the report's own.")
@click.option("--me", default="", metavar="NAME", help="Only this one of the lines, beside the median of all.")
@click.option("--as-of", metavar="DATE", help="As of this day, written 2026-03-14.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write one HTML file.")
@click.option("--xlsx", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write a workbook.")
@workspace_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def report(
    name: str | None,
    period: str,
    where: tuple[str, ...],
    by: tuple[str, ...],
    me: str,
    as_of: str | None,
    html: Path | None,
    xlsx: Path | None,
    workspace: Path,
    as_json: bool,
) -> None:
    """Show a report; without NAME, tell which reports there are.

    \b
    kpi report sales_brief --period 2026-W37
    kpi report performance --period 2026-Q2 --by team --html performance.html
    kpi report rep_scorecard --period 2026-Q2 --me "Ann Lee"
    """
    from kpicore import cuts_given, day_given, open_workspace
    from kpicore_reports.filling import fill

    with open_workspace(workspace) as opened:
        if name is None:
            _show_reports(opened, as_json)
            return
        filled = fill(opened, name, period, where=cuts_given(where), by=by, me=me, as_of=day_given(as_of))
    _write(filled, html, xlsx)
    if as_json:
        from kpicore_reports.json_records import record

        _print_json(record(filled))
    elif html is None and xlsx is None:
        from kpicore_reports.terminal import console, show

        show(filled, console())


def _write(filled: FilledReport, html: Path | None, xlsx: Path | None) -> None:
    if html is not None:
        from kpicore_reports.page import write_page

        write_page(filled, html)
    if xlsx is not None:
        from kpicore_reports.report_workbook import write_sheets

        write_sheets(filled, xlsx)
    for file in (html, xlsx):
        if file is not None:
            click.echo(f"Wrote {file}", err=True)


def _print_json(value: object) -> None:
    import json

    click.echo(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))


def _show_reports(workspace: Workspace, as_json: bool) -> None:
    reports = workspace.registry.reports.values()
    if as_json:
        _print_json([{"report": report.id, "name": report.name, "meaning": report.meaning} for report in reports])
        return
    from rich.table import Table
    from rich.text import Text

    from kpicore_reports.terminal import console

    table = Table(box=None, pad_edge=False, show_header=False)
    for report in reports:
        table.add_row(Text(report.id, style="bold"), Text(report.meaning or report.name))
    console().print(table)
