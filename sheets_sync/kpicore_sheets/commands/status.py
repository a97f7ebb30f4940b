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

    It asks nothing of Google: `kpi sheets sync` and `kpi sheets watch` keep this in sheets-status.json. A table that is
    no longer in kpi.toml is told as what was left behind, until the next `kpi sheets sync`.
    """
    from kpicore import harmless, print_json
    from kpicore_sheets.settings import settings_of, sheet_tables
    from kpicore_sheets.sync.status_file import StatusFile, left_line

    config = settings_of(workspace)
    tables, zone = sheet_tables(config), config.timezone
    kept = StatusFile(workspace, lambda line: click.echo(harmless(line), err=True)).read()
    lines = [(table.name, kept.get(table.name)) for table in tables]
    left = [kept[name].outcome for name in sorted({*kept} - {name for name, _ in lines})]
    if as_json:
        records = [_record(name, status) for name, status in lines]
        print_json([*records, *({**_record(it.name, None), "status": "left", "message": left_line(it)} for it in left)])
        return
    if lines:
        _show(lines, zone)
    else:
        click.echo("kpi.toml has no [[sheet]].", err=True)
    for outcome in left:
        click.echo(left_line(outcome))


def _record(name: str, status: TableStatus | None) -> dict[str, Any]:
    outcome = status.outcome if status else None
    return {
        "name": name,
        "last_try": status.last_try.isoformat() if status else None,
        "last_success": status.last_success.isoformat() if status and status.last_success else None,
        "status": outcome.status if outcome else None,
        "rows": outcome.rows if outcome else None,
        "requests": outcome.requests if outcome else None,
        "message": outcome.message if outcome else "",
        "error": outcome.error if outcome else "",
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
        times, outcome = (_moment(status.last_try, zone), _moment(status.last_success, zone)), status.outcome
        shown.add_row(Text(name), *times, f"{outcome.rows:,}", f"{outcome.requests:,}", outcome.status)
    console().print(shown)
    for name, status in lines:  # whole, in the lines of the terminal: a column would break them
        if status and (more := status.outcome.error or status.outcome.message):
            click.echo(f"{name}: {status.outcome.status}: {more}")


def _moment(moment: datetime | None, zone: str) -> str:
    from zoneinfo import ZoneInfo

    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if moment else "never"
