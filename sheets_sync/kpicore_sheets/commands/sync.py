"""`kpi sheets sync`: tables are brought up to date once, or what would change is shown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpicore import workspace_option

if TYPE_CHECKING:
    from kpicore_sheets.sync.differences import TableDifferences
    from kpicore_sheets.table import SheetTable

MOST_LINES = 100
"""Lines that are shown of a table."""


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--dry-run", is_flag=True, help="Show cell by cell what would change, and write nothing.")
@workspace_option
@click.pass_context
def sync(context: click.Context, names: tuple[str, ...], dry_run: bool, workspace: Path) -> None:
    """Bring the tables of kpi.toml up to date once, all or some.

    A table that cannot be written keeps its numbers, says so in the line above it, and takes no other one down. It ends
    with 1 where one failed or was refused.
    """
    from kpicore_sheets.settings import chosen_tables, settings_of

    tables = chosen_tables(settings_of(workspace), names)
    is_well = _shown_changes(workspace, tables) if dry_run else _written(workspace, tables)
    if not dry_run and not names:
        _forget_left(workspace, tables)
    context.exit(0 if is_well else 1)


def _written(workspace: Path, tables: Sequence[SheetTable]) -> bool:
    """Write tables, tell and keep what came of it, and return whether all are up to date."""
    from kpicore_sheets.commands.waiting import ToldClock
    from kpicore_sheets.outcome_lines import outcome_lines
    from kpicore_sheets.refreshing import refresher
    from kpicore_sheets.sync.status_file import StatusFile

    clock = ToldClock(lambda line: click.echo(line, err=True))
    outcomes = refresher(workspace, clock)(tables)
    for line in outcome_lines(outcomes, tables):
        click.echo(line)
    StatusFile(workspace, lambda line: click.echo(line, err=True)).record(outcomes, clock.now())
    return all(outcome.is_well for outcome in outcomes)


def _forget_left(workspace: Path, tables: Sequence[SheetTable]) -> None:
    """Tell once of tables that are no longer in kpi.toml: their cells stay, and nobody keeps how they do."""
    from kpicore_sheets.sync.status_file import StatusFile, left_line

    for outcome in StatusFile(workspace).forget({table.name for table in tables}):
        click.echo(left_line(outcome))


def _shown_changes(workspace: Path, tables: Sequence[SheetTable]) -> bool:
    """Show what would change, and return whether all tables could be written."""
    from kpicore_sheets.commands.waiting import ToldClock
    from kpicore_sheets.refreshing import last_runs, opened
    from kpicore_sheets.sync.run import would_change

    clock = ToldClock(lambda line: click.echo(line, err=True))
    google, fill = opened(workspace, clock, tables)
    changes = would_change(tables, fill, google, clock, last_runs(workspace))
    for table in changes:
        _show(table)
    return not any(table.error for table in changes)


def _show(table: TableDifferences) -> None:
    click.echo(f"{table.name}: {table.words}")
    for line in table.lines[:MOST_LINES]:
        click.echo(f"  {line}")
    if len(table.lines) > MOST_LINES:
        click.echo(f"  and {len(table.lines) - MOST_LINES:,} more lines")
