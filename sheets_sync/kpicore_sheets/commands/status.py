"""`kpi sheets status`: how each table does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kpicore import json_option, workspace_option

if TYPE_CHECKING:
    from datetime import datetime

    from kpicore_sheets.sync.status_file import TableStatus


@click.command()
@json_option
@workspace_option
def status(as_json: bool, workspace: Path) -> None:
    """Show how each table does: last try, last success, what is wrong.

    It asks nothing of Google: `kpi sheets sync` and `kpi sheets watch` keep this in sheets-status.json.
    """
    from kpicore import harmless, print_json
    from kpicore_sheets.settings import settings_of, sheet_tables
    from kpicore_sheets.sync.status_file import StatusFile

    config = settings_of(workspace)
    tables, zone = sheet_tables(config), config.timezone
    kept = StatusFile(workspace, lambda line: click.echo(harmless(line), err=True)).read()
    lines = [(table.name, kept.get(table.name)) for table in tables]
    if as_json:
        print_json([_record(name, status) for name, status in lines])
    elif lines:
        _show(lines, zone)
    else:
        click.echo("kpi.toml has no [[sheet]].", err=True)


def _record(name: str, status: TableStatus | None) -> dict[str, Any]:
    return {
        "name": name,
        "last_try": status.last_try.isoformat() if status else None,
        "last_success": status.last_success.isoformat() if status and status.last_success else None,
        "status": status.status if status else None,
        "rows": status.rows if status else None,
        "requests": status.requests if status else None,
        "message": status.message if status else "",
        "error": status.error if status else "",
    }


def _show(lines: Sequence[tuple[str, TableStatus | None]], zone: str) -> None:
    from rich.text import Text

    from kpicore import console, terminal_table

    shown = terminal_table("table", names=1)
    shown.add_numbers("last try", "last success", "rows", "requests")
    shown.add_column("status")
    for name, status in lines:
        if status is None:
            shown.add_row(Text(name), "never", "never", "", "", "")
            continue
        times = (_moment(status.last_try, zone), _moment(status.last_success, zone))
        shown.add_row(Text(name), *times, f"{status.rows:,}", f"{status.requests:,}", status.status)
    console().print(shown)
    for name, status in lines:  # whole, in the lines of the terminal: a column would break them
        if more := status and (status.error or status.message):
            click.echo(f"{name}: {status.status}: {more}")


def _moment(moment: datetime | None, zone: str) -> str:
    from zoneinfo import ZoneInfo

    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if moment else "never"
