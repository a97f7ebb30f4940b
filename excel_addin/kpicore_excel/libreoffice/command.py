"""`kpi excel libreoffice`: an extension for LibreOffice Calc."""

from __future__ import annotations

from pathlib import Path

import click

from kpicore import workspace_option


@click.command()
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
