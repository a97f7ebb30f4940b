"""A run: all tables of all spreadsheets are brought up to date. What cannot be written takes nothing else down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from kpicore import Clock
from kpicore_sheets.addresses import spreadsheet_link
from kpicore_sheets.defects import error_line
from kpicore_sheets.filling import Filled
from kpicore_sheets.port import Spreadsheets
from kpicore_sheets.sync.content import table_content
from kpicore_sheets.sync.differences import TableDifferences, differences
from kpicore_sheets.sync.failures import tell_failures
from kpicore_sheets.sync.outcome import FAILED, TableOutcome
from kpicore_sheets.sync.plan import Settled
from kpicore_sheets.sync.reading import LastRun
from kpicore_sheets.sync.spreadsheet_run import SpreadsheetRun, TableWork
from kpicore_sheets.table import HISTORY, SheetTable

Fill = Callable[[SheetTable], Filled]
NEVER: Mapping[str, LastRun] = MappingProxyType({})


def sync(
    tables: Sequence[SheetTable],
    fill: Fill,
    google: Spreadsheets,
    clock: Clock,
    *,
    run_id: str,
    last: Mapping[str, LastRun] = NEVER,
) -> list[TableOutcome]:
    """Bring tables up to date and return what came of each, in their order.

    `fill` is asked for all of them before anything is asked of Google. `last` tells of those that were written before,
    which saves a read. A table that fails or is refused keeps its numbers, and says why in its stamp where it can.
    """
    requests = Counter[str]()

    def counted(table: SheetTable) -> Filled:
        before = google.requests  # the formulas of a spreadsheet are read for their answers
        try:
            return fill(table)
        finally:
            requests[table.spreadsheet] += google.requests - before

    works = table_works(tables, counted, clock.now())
    for spreadsheet in dict.fromkeys(table.spreadsheet for table in tables):
        before = google.requests
        chosen = [work for work in works if work.table.spreadsheet == spreadsheet]
        run = SpreadsheetRun(spreadsheet, google, clock, run_id, chosen, last)
        try:
            run.bring_up_to_date()
            if not run.is_lost:  # else it would be waited for a second time
                tell_failures(google, spreadsheet, chosen, run_id, last)
        except Exception as error:  # what nobody foresaw takes no other spreadsheet down
            _settle(chosen, error_line(error))
        requests[spreadsheet] += google.requests - before
    return [_outcome(work, requests[work.table.spreadsheet], last.get(work.table.name)) for work in works]


def would_change(
    tables: Sequence[SheetTable],
    fill: Fill,
    google: Spreadsheets,
    clock: Clock,
    last: Mapping[str, LastRun] = NEVER,
) -> list[TableDifferences]:
    """Return what a run would change, in the order of the tables; nothing is written."""
    works = table_works(tables, fill, clock.now())
    told = dict[str, TableDifferences]()
    for spreadsheet in dict.fromkeys(table.spreadsheet for table in tables):
        chosen = [work for work in works if work.table.spreadsheet == spreadsheet]
        try:
            told |= {changes.name: changes for changes in differences(google, spreadsheet, chosen, last)}
        except Exception as error:  # as above
            line = error_line(error)
            told |= {work.table.name: TableDifferences(work.table.name, error=line) for work in chosen}
    return [told[table.name] for table in tables]


def table_works(tables: Sequence[SheetTable], fill: Fill, now: datetime) -> list[TableWork]:
    """Return what each table is to show, or why nobody knows: a bad one takes no other one down."""
    works = []
    for table in tables:
        try:
            content = table_content(fill(table), now, history=table.mode == HISTORY)
        except Exception as error:  # foreign code, too: KPIs are computed by plugins
            works.append(TableWork(table, None, error_line(error)))
        else:
            works.append(TableWork(table, content))
    return works


def failed_outcomes(tables: Iterable[SheetTable], error: Exception) -> list[TableOutcome]:
    """Return the outcomes of tables that were not reached, all for the same reason."""
    line = error_line(error)
    return [TableOutcome(table.name, FAILED, error=line) for table in tables]


def _settle(works: Iterable[TableWork], line: str) -> None:
    """Let the tables fail that are not settled yet."""
    for work in works:
        if work.is_open:
            work.settled = Settled(FAILED, line)


def _outcome(work: TableWork, requests: int, last: LastRun | None) -> TableOutcome:
    name = work.table.name
    if work.content is None or work.settled is None:
        return TableOutcome(name, FAILED, requests=requests, error=work.error)
    settled, tab = work.settled, work.settled.tab
    rows = max(0, settled.place.height - work.content.head) if settled.place else 0
    content = "" if settled.error else work.content.digest
    place = settled.place.a1(tab.title) if settled.place and tab else ""
    grid = f"{tab.rows}x{tab.columns}" if tab else ""
    settings = "" if settled.error else work.settings
    generation = str(settled.generation) if settled.generation else ""
    message = ". ".join(filter(None, (work.message, "" if settled.error else _left_behind(work.table, last))))
    spreadsheet = work.table.spreadsheet if place else ""
    return TableOutcome(
        name,
        settled.status,
        rows,
        requests,
        message,
        settled.error,
        place,
        content,
        settings,
        grid,
        generation,
        spreadsheet,
    )


def _left_behind(table: SheetTable, last: LastRun | None) -> str:
    """Return where numbers stay that were written when kpi.toml named another spreadsheet, "" where it did not."""
    if last is None or last.spreadsheet in ("", table.spreadsheet):
        return ""
    title, stood = last.place
    return f"What was written before stays in {stood.a1(title)} of {spreadsheet_link(last.spreadsheet)}"
