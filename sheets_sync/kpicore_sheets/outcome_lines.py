"""What a run says on a terminal: a line for each table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kpicore import counted, harmless
from kpicore_sheets.sync.outcome import WELL, TableOutcome
from kpicore_sheets.table import SheetTable

LONGEST_LINE = 1_000
"""Characters of a line: names and values stand in it."""


def outcome_lines(outcomes: Sequence[TableOutcome], tables: Iterable[SheetTable]) -> Iterator[str]:
    """Yield a line a table: "funnel: written, 12 rows, 2 requests", "plan: refused: C5 holds …".

    Requests are those of all tables of a spreadsheet, and stand in its last line.
    """
    spreadsheets = {table.name: table.spreadsheet for table in tables}
    well = [outcome for outcome in outcomes if outcome.status in WELL]
    last = {spreadsheets[outcome.name]: outcome.name for outcome in well}
    for outcome in outcomes:
        if outcome.status not in WELL:
            yield harmless(f"{outcome.name}: {outcome.status}: {outcome.error}", LONGEST_LINE)
            continue
        told = f"{outcome.name}: {outcome.status}, {counted(outcome.rows, 'rows', 'row')}"
        spreadsheet = spreadsheets[outcome.name]
        if last[spreadsheet] == outcome.name:
            count = sum(spreadsheets[other.name] == spreadsheet for other in outcomes)
            told += f", {counted(outcome.requests, 'requests', 'request')}{f' for {count} tables' if count > 1 else ''}"
        yield harmless(f"{told}. {outcome.message}" if outcome.message else told, LONGEST_LINE)
