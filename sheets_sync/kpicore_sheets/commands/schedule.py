"""`kpi sheets schedule`: files for those who have a scheduler."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

import click

from kpicore import workspace_option


@click.command()
@click.argument("scheduler", type=click.Choice(["systemd", "windows", "github"]))
@workspace_option
def schedule(scheduler: str, workspace: Path) -> None:
    """Print a file for systemd, Windows or GitHub to run it.

    \b
    kpi sheets schedule systemd > ~/.config/systemd/user/kpi-sheets.service
    kpi sheets schedule windows > kpi-sheets.xml
    kpi sheets schedule github > .github/workflows/kpi-sheets.yml

    It lets them keep the tables of this workspace up to date. The first two run `kpi sheets watch`; the workflow runs
    `kpi sheets sync` each hour, with the credentials of a secret of the repository. What to do with the file stands at
    its top.
    """
    from kpicore import read_config
    from kpicore_sheets.schedule_files import github_workflow, systemd_unit, windows_task

    read_config(workspace)  # a folder that is no workspace is refused
    folder = workspace.resolve()
    if scheduler == "github":
        click.echo(github_workflow(_in_repository(folder)), nl=False)
    else:
        written = systemd_unit if scheduler == "systemd" else windows_task
        click.echo(written(str(_program()), str(folder)), nl=False)


def _program() -> Path:
    """Return the `kpi` that runs now, else the one that was installed with this Python."""
    name = "kpi.exe" if sys.platform == "win32" else "kpi"
    started, beside = Path(sys.argv[0]).absolute(), Path(sys.executable).absolute().with_name(name)
    # beside Python it stands in virtual environments alone: not after `pip install --user`, nor on Windows without one
    places = [started.with_name(name)] if started.stem == "kpi" else []
    places += [beside, Path(sysconfig.get_path("scripts"), name)]
    return next((place for place in places if place.is_file()), beside)


def _in_repository(folder: Path) -> str:
    """Return where a folder is below that of its repository; "." where there is none."""
    for above in (folder, *folder.parents):
        if (above / ".git").exists():
            return f"./{folder.relative_to(above).as_posix()}" if folder != above else "."
    return "."
