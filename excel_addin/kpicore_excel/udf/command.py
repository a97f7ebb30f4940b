"""`kpi excel udf`: a workbook whose cells ask KPIs by name, for Excel on Windows."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kpicore import workspace_option


@click.command()
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
    from kpicore_excel.udf.files import write_udf_files

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
