"""`kpi excel workbook`: a workbook that calculates by itself."""

from __future__ import annotations

from pathlib import Path

import click

from kpicore import workspace_option

_STEPS = ("previous", "year", "previous-full", "year-full")


@click.command()
@click.argument("kpis", metavar="KPI[.VARIANT]...", nargs=-1, required=True)
@click.option(
    "-p", "--period", required=True, metavar="PERIOD", help="The whole that can be chosen from, as in kpi get."
)
@click.option("--grain", metavar="GRAIN", help="What it is split into: month (usual), week, quarter, …")
@click.option("--by", multiple=True, metavar="DIM", help="A dimension to choose a member of, e.g. rep; at most two.")
@click.option("--where", multiple=True, metavar="DIM=VALUE", help="Only these rows, as in kpi get.")
@click.option(
    "--compare",
    type=click.Choice(_STEPS, case_sensitive=False),
    default="previous",
    show_default=True,
    help="What each period is compared with.",
)
@click.option(
    "--out",
    default="kpi-live.xlsx",
    show_default=True,
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write.",
)
@workspace_option
def workbook(
    kpis: tuple[str, ...],
    period: str,
    grain: str | None,
    by: tuple[str, ...],
    where: tuple[str, ...],
    compare: str,
    out: Path,
    workspace: Path,
) -> None:
    """Write a workbook whose KPIs are formulas: choose period and members in cells, and it calculates.

    \b
    kpi excel workbook win_rate total_sales --period 2026 --by rep
    kpi excel workbook win_rate.created --period 2026-Q3 --grain week --by rep --by channel --out win-rate.xlsx

    It needs neither an add-in nor a connection, and opens in Excel, LibreOffice and others.
    """
    from kpicore import BadArgument, cuts_given, open_workspace
    from kpicore_excel.live import asked, write_live_workbook

    if out.suffix.casefold() != ".xlsx":
        raise BadArgument(f"'{out}' is not called .xlsx, so Excel would not open it.", hint=f"Write {out.stem}.xlsx.")
    with open_workspace(workspace) as opened:
        wanted = asked(opened, kpis, period, grain=grain, by=by, where=cuts_given(where), compare=compare.lower())
        write_live_workbook(opened, wanted, out)
    click.echo(f"Wrote {out}", err=True)
