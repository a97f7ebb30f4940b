"""`kpi sheets watch`: tables are kept up to date until somebody stops it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpicore import workspace_option

if TYPE_CHECKING:
    from kpicore_sheets.watch import WatchedTables

PID_FILE = "sheets-watch.pid"


@click.command()
@workspace_option
@click.pass_context
def watch(context: click.Context, workspace: Path) -> None:
    """Keep the tables of kpi.toml up to date until it is stopped.

    \b
    refresh = "data"            written within seconds of new data
    every = "15 min"            so often
    cron = "0 8 * * mon"        at these times in the time zone of the workspace

    What was missed while it did not run is made good once at its start. What fails keeps its numbers and is tried
    again, after pauses of up to 15 minutes. Each run is told in a line on stderr; kpi.toml is read again when it
    changes.

    It stops on Ctrl-C, SIGTERM or when its terminal closes, after what is in flight; on a second Ctrl-C at once. It
    ends with 0, or with 1 where the last run of some table failed or was refused, or kpi.toml cannot be read. There is
    one for a workspace.
    """
    from kpicore import Cells, MachineClock, one_instance, read_config, stopped_by_signals
    from kpicore_sheets.refreshing import refresher
    from kpicore_sheets.watch import SheetWatch

    read_config(workspace)  # a folder that is no workspace is refused, and no file left in it
    # what is not installed now is told at once, and not tried again and again
    import_module("kpicore_sheets.google.client")
    with one_instance(workspace / PID_FILE), stopped_by_signals() as stop:
        clock = MachineClock(stop.is_set)
        watching = SheetWatch(
            workspace,
            read=lambda: _tables(workspace),
            refresh=refresher(workspace, clock),
            stamp=Cells(workspace).stamp,
            clock=clock,
            tell=lambda line: click.echo(line, err=True),
        )
        click.echo(f"Watches {watching.words}, stop with Ctrl-C", err=True)
        is_well = watching.run(stop)
    context.exit(0 if is_well else 1)


def _tables(workspace: Path) -> WatchedTables:
    from kpicore_sheets.settings import settings_of, sheet_tables
    from kpicore_sheets.watch import WatchedTables

    config = settings_of(workspace)
    return WatchedTables(sheet_tables(config), config.timezone)
