"""`kpi sheets script`: the functions of the workspace as an Apps Script project."""

from __future__ import annotations

from pathlib import Path

import click

from kpicore import workspace_option


@click.command()
@click.option(
    "--out", default="kpi-script", show_default=True, metavar="DIR", help="The folder to write.",
    type=click.Path(path_type=Path, file_okay=False),
)  # fmt: skip
@click.option("--server", default="", metavar="URL", help="Where kpi serve answers, for Google to reach: https://…")
@workspace_option
def script(out: Path, server: str, workspace: Path) -> None:
    """Write an Apps Script project, for KPI formulas in cells.

    \b
    kpi sheets script --server https://kpi.example.com

    It has a function for each KPI, =KPI_WIN_RATE("2026-Q3"), for one spreadsheet. Paste its two files into the
    spreadsheet's editor, or push them with clasp; its README has five steps. Without --server, formulas show what
    `kpi sheets sync` keeps in the hidden tab. No token is in it.
    """
    from kpicore import Cells, read_config, write_whole
    from kpicore_sheets.script import project_files

    config = read_config(workspace)
    cells = Cells(workspace)
    try:
        texts = project_files(config, cells, server)
    finally:
        cells.close()
    out.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        write_whole(out / name, text)
    click.echo(f"Wrote {out}: {out / 'README.md'} has the steps.", err=True)
