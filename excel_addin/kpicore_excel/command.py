"""`kpi excel`: what kpicore does for Excel and LibreOffice, one command each."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kpicore import CommandGroup, workspace_option

_STEPS = ("previous", "year", "previous-full", "year-full")


@click.group(cls=CommandGroup)
def excel() -> None:
    """KPIs in Excel and LibreOffice."""


@excel.command()
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
    from kpicore_excel.live import workbook_request, write_live_workbook

    if out.suffix.casefold() != ".xlsx":
        raise BadArgument(f"'{out}' is not called .xlsx, so Excel would not open it.", hint=f"Write {out.stem}.xlsx.")
    with open_workspace(workspace) as opened:
        request = workbook_request(
            opened, kpis, period, grain=grain, by=by, where=cuts_given(where), compare=compare.lower()
        )
        write_live_workbook(opened, request, out)
    click.echo(f"Wrote {out}", err=True)


@excel.command()
@click.option(
    "--out", default="kpi.xlsm", metavar="FILE", show_default=True, help="The workbook to write.",
    type=click.Path(path_type=Path, dir_okay=False),
)  # fmt: skip
@workspace_option
def udf(out: Path, workspace: Path) -> None:
    """Write a workbook with KPI functions for Excel on Windows, by xlwings.

    \b
    kpi excel udf --out sales.xlsm

    Beside the workbook go its Python module and its VBA. In Excel: xlwings > Import Functions, once, and again when
    there is a new KPI. A workbook that is there already is kept as it is. docs/excel-windows.md has every step.
    """
    from kpicore import open_workspace
    from kpicore_excel.udf.udf_files import write_udf_files

    with open_workspace(workspace) as opened:
        written = write_udf_files(opened, out)
    click.echo(f"{'Kept' if written.kept else 'Wrote'} {written.workbook}")
    click.echo(f"Wrote {written.module} and {written.vba.name} with {written.functions} functions")
    click.echo("In Excel: ribbon xlwings > Import Functions. Then press Refresh on the sheet KPI.")
    if sys.platform != "win32":
        click.echo(
            "These paths are of this computer: run the command on the one with Excel, or correct the sheet "
            f"xlwings.conf and {written.module.name}.",
            err=True,
        )


@excel.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--url", default="https://localhost:8765", show_default=True, help="Where the files will be served.")
@click.option("--server", default="", metavar="URL", help="Where kpi serve answers, if elsewhere.")
@workspace_option
def office(folder: Path, url: str, server: str, workspace: Path) -> None:
    """Write the files of the Office.js add-in for Excel on Windows, Mac and the web.

    \b
    kpi excel office addin --url https://files.example.com --server https://kpi.example.com

    `kpi serve` shows the same files itself: this is for those who serve or check them another way.
    """
    from dataclasses import replace

    from kpicore import Cells, PageContext, read_config, written_whole
    from kpicore_excel.office.pages import FOLDER, MANIFEST, kpi_pages

    url, server = _address(url), _address(server or url)
    cells = Cells(workspace)
    try:
        context = PageContext(read_config(workspace).name, server, cells.functions(), cells.calculators())
    finally:
        cells.close()
    for page in kpi_pages():
        file = folder / page.path
        file.parent.mkdir(parents=True, exist_ok=True)
        body = page.body(replace(context, base_url=url) if page.path == MANIFEST else context)
        with written_whole(file) as draft:
            draft.write_bytes(body)
    click.echo(
        f"Wrote {folder / FOLDER}: serve it as {url}/{FOLDER}/, and give {folder / MANIFEST} to Excel.", err=True
    )
    if server != url:
        click.echo(f"Start the server with: kpi serve --url {server} --allow-origin {url}", err=True)


def _address(address: str) -> str:
    """Return an address without a slash at the end. Raises BadArgument: Office loads add-ins by HTTPS only."""
    from urllib.parse import urlsplit

    from kpicore import BadArgument

    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.netloc or parts.query or parts.fragment or set(address) & set("\"'<>;, "):
        raise BadArgument(f"'{address}' is no address for an add-in.", hint="Write it as https://kpi.example.com")
    return address.rstrip("/")


@excel.command()
@click.option(
    "--out", default="kpi.oxt", metavar="FILE", show_default=True, help="The extension to write.",
    type=click.Path(path_type=Path, dir_okay=False),
)  # fmt: skip
@workspace_option
def libreoffice(out: Path, workspace: Path) -> None:
    """Write an extension for LibreOffice Calc with a function for each KPI: =KPI_WIN_RATE("2026-Q3"; "rep"; A2).

    \b
    kpi excel libreoffice && unopkg add kpi.oxt

    The functions start the engine themselves and read this workspace; another is named by KPI_WORKSPACE in the
    environment of LibreOffice. Build it again when there is a new KPI. docs/libreoffice.md has every step.
    """
    from kpicore import open_workspace
    from kpicore_excel.libreoffice import write_extension

    with open_workspace(workspace) as opened:
        count = write_extension(opened, out)
        folder = opened.config.folder.resolve()
    click.echo(f"Wrote {out} with {count} functions on {folder}")
    click.echo(f"Close LibreOffice and run: unopkg add --force '{out}'   Or open the file in LibreOffice.")
