"""`kpi demo`: the main job on a made-up company."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", metavar="[DIR]", default="kpi-demo", type=click.Path(path_type=Path))
def demo(folder: Path) -> None:
    """Show the whole thing on a made-up company: a workspace in DIR, its KPIs, and a workbook.

    DIR is ./kpi-demo if not given. An earlier demo there is made anew; any other folder that holds
    files is left alone.
    """
    from kpicore_demo.making import WORKBOOK, make_demo
    from kpicore_demo.screen import progress, show

    with progress() as progressed:
        workspace, report = make_demo(folder, progressed)
        workspace.close()
    show(report, folder, WORKBOOK)
