"""A table that was not refreshed says so in its stamp, where that can be written; its numbers stay."""

from __future__ import annotations

from collections.abc import Sequence

from kpicore import KpiError
from kpicore_sheets.port import Spreadsheets
from kpicore_sheets.stamp import failed_stamp
from kpicore_sheets.sync.batch import sheet_batches
from kpicore_sheets.sync.ids import table_ids
from kpicore_sheets.sync.placing import edges, placed_table
from kpicore_sheets.sync.plan import LookCloser
from kpicore_sheets.sync.reading import closer, whole
from kpicore_sheets.sync.rectangle import Rectangle
from kpicore_sheets.sync.spreadsheet import SeenSpreadsheet
from kpicore_sheets.sync.spreadsheet_run import TableWork
from kpicore_sheets.sync.state import short_digest
from kpicore_sheets.sync.steps import Action, told
from kpicore_sheets.table import FormulaContent


def tell_failures(google: Spreadsheets, spreadsheet: str, works: Sequence[TableWork], run_id: str) -> None:
    """Write into the stamps of tables why they were not refreshed. What cannot be told there is told by the run."""
    # the hidden tab of answers has no stamp that people read
    stamped = [work for work in works if not isinstance(work.table.content, FormulaContent)]
    failed = {work.table.name: error for work in stamped if (error := _error(work))}
    if not failed:
        return
    try:
        seen = whole(google, spreadsheet)
        looks = [LookCloser(edges(part)) for name in failed if (part := _untold(name, failed[name], seen))]
        near = closer(google, spreadsheet, seen, looks) if looks else None
        actions = [action for name in failed if near and (action := _told(name, failed[name], near, run_id))]
        for batch in sheet_batches(actions, near) if near else ():
            google.batch_update(spreadsheet, batch.body)
    except KpiError:
        return  # the stamp is a courtesy: the outcome has the error in any case


def _error(work: TableWork) -> str:
    if work.content is None:
        return work.error
    return work.settled.error if work.settled else ""


def _untold(name: str, error: str, seen: SeenSpreadsheet) -> Rectangle | None:
    placed = placed_table(table_ids(name), seen)
    if placed is None or placed.rectangle is None or not placed.state.corner:
        return None
    return None if placed.state.failed == short_digest(error) else placed.rectangle


def _told(name: str, error: str, seen: SeenSpreadsheet, run_id: str) -> Action | None:
    ids = table_ids(name)
    placed = placed_table(ids, seen)
    if placed is None or placed.rectangle is None or len(placed.marks) < len(ids.marks):
        return None
    cell = seen.cells.get(placed.rectangle.corner)
    stamp = (cell.value or {}).get("stringValue", "") if cell else ""
    if not placed.state.is_first_cell(stamp):
        return None  # somebody has written something else there
    tab = seen.tabs[placed.rectangle.tab]
    return told(ids, name, f"{run_id}.failed", placed, tab, failed_stamp(stamp, error), short_digest(error))
