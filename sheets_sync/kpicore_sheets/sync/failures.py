"""A table that was not refreshed says so in its stamp, where that can be written; its numbers stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kpicore import KpiError
from kpicore_sheets.port import BatchRefused, Spreadsheets
from kpicore_sheets.stamp import failed_stamp
from kpicore_sheets.sync.batch import sheet_batches
from kpicore_sheets.sync.ids import table_ids
from kpicore_sheets.sync.ownership import is_anothers, settings_digest
from kpicore_sheets.sync.placing import PlacedTable, edges, placed_table
from kpicore_sheets.sync.plan import LookCloser
from kpicore_sheets.sync.reading import LastRun, closer, whole
from kpicore_sheets.sync.spreadsheet import SeenSpreadsheet
from kpicore_sheets.sync.spreadsheet_run import TableWork
from kpicore_sheets.sync.state import short_digest
from kpicore_sheets.sync.steps import Action, told
from kpicore_sheets.table import FormulaContent, SheetTable


def tell_failures(
    google: Spreadsheets, spreadsheet: str, works: Sequence[TableWork], run_id: str, last: Mapping[str, LastRun]
) -> None:
    """Write into the stamps of tables why they were not refreshed. What cannot be told there is told by the run."""
    # the hidden tab of answers has no stamp that people read
    stamped = [work for work in works if not isinstance(work.table.content, FormulaContent)]
    failed = [(work.table, error) for work in stamped if (error := _error(work))]
    if not failed:
        return
    try:
        seen = whole(google, spreadsheet)
        stand = [(table, error, placed) for table, error in failed if (placed := _untold(table, error, seen, last))]
        looks = [LookCloser(edges(placed.rectangle)) for *_, placed in stand if placed.rectangle]
        near = closer(google, spreadsheet, seen, looks) if looks else None
        if near:
            _tell(google, spreadsheet, near, [act for it in stand if (act := _told(it[0].name, it[1], near, run_id))])
    except KpiError:
        return  # the stamp is a courtesy: the outcome has the error in any case


def _tell(google: Spreadsheets, spreadsheet: str, seen: SeenSpreadsheet, actions: Sequence[Action]) -> None:
    """Send the stamps, by halves where Google refuses them together: one of them holds no other one up."""
    for batch in sheet_batches(actions, seen):
        try:
            google.batch_update(spreadsheet, batch.body)
        except BatchRefused:
            half = len(batch.actions) // 2
            for part in (batch.actions[:half], batch.actions[half:]) if half else ():
                _tell(google, spreadsheet, seen, part)


def _error(work: TableWork) -> str:
    if work.content is None:
        return work.error
    return work.settled.error if work.settled else ""


def _untold(table: SheetTable, error: str, seen: SeenSpreadsheet, last: Mapping[str, LastRun]) -> PlacedTable | None:
    """Return a table that stands and does not tell of its failure, None for one that does, or is another's."""
    placed = placed_table(table_ids(table.name), seen)
    if placed is None or placed.rectangle is None or not placed.state.corner:
        return None
    written = last.get(table.name)
    if written and is_anothers(placed, settings_digest(table), written.settings, written.generation):
        return None
    return None if placed.state.failed == short_digest(error) else placed


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
