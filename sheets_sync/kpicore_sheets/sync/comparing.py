"""Whether the cells of a table show what they are to show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kpicore_sheets.sync.aim import Aim, is_heavy, is_large
from kpicore_sheets.sync.cells import same_value
from kpicore_sheets.sync.spreadsheet import SeenCell, SeenSpreadsheet
from kpicore_sheets.sync.state import TableState
from kpicore_sheets.sync.task import TableTask

_NOTHING = SeenCell()


def shows_stamp(task: TableTask, seen: SeenSpreadsheet, aim: Aim, state: TableState) -> bool:
    """Return whether the line above a table is there: of one that is not compared, no other cell is looked at."""
    cell = seen.cells.get(aim.target.corner, _NOTHING)
    # the row of the stamp of a history may have been deleted: then another one's first cell is there
    return not state.corner or state.is_first_cell(text_of(cell)) or (task.is_history and cell.value is not None)


def differing(task: TableTask, seen: SeenSpreadsheet, aim: Aim, state: TableState) -> Iterator[tuple[int, int]]:
    """Yield row and column of cells that show something else than they are to, the stamp's time left aside."""
    for piece in aim.pieces:
        tab = piece.rectangle.tab
        for row, cells in enumerate(task.content.cells(piece.first, piece.end), piece.rectangle.top):
            for column, cell in enumerate(cells, piece.rectangle.left):
                now = seen.cells.get((tab, row, column), _NOTHING)
                if _shows(now, cell):
                    continue
                if (tab, row, column) != aim.target.corner or not state.is_first_cell(text_of(now)):
                    yield row, column


def _shows(now: SeenCell, cell: Mapping[str, Any]) -> bool:
    """Return whether a cell shows what is to be written."""
    value = cell.get("userEnteredValue")
    return (now.value == value or same_value(now.value, value)) and now.note == cell.get("note", "")


def text_of(cell: SeenCell) -> str:
    """Return the text that was entered into a cell, "" where there is none."""
    text = (cell.value or {}).get("stringValue", "")
    return text if isinstance(text, str) else ""


def is_compared(task: TableTask, aim: Aim) -> bool:
    """Return whether the cells of a table are read and compared: not those of large ones and of histories."""
    return not (task.is_history or is_large(aim.target) or is_heavy(task.content))
