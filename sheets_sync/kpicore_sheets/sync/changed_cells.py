"""How cells would change, in words: a line a cell, and one for cells side by side that come or go together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from kpicore import harmless
from kpicore_sheets.sync.cells import same_value
from kpicore_sheets.sync.spreadsheet import SeenCell
from kpicore_xlsx.addresses import cell_address
from kpicore_xlsx.shown import shown

_LONGEST_TEXT, _LONGEST_LINE = 60, 78
"""Characters: with the two in front a line fits into a terminal."""
_NOTHING = "–"
NEW, GONE, CHANGED, NOTED, SAME = "new", "gone", "changed", "noted", "same"


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """A cell of a tab, counted from 0: as it was read, and what it is to hold, shown as `pattern` says."""

    tab: str
    row: int
    column: int
    before: SeenCell
    value: Mapping[str, Any] | None = None
    note: str = ""
    pattern: str = ""

    @property
    def kind(self) -> str:
        """How it changes: "new", "gone", "changed", "noted" where its note alone does, or "same"."""
        old, new = self.before.value, self.value
        if not same_value(old, new):
            return NEW if old is None else GONE if new is None else CHANGED
        return NOTED if self.before.note != self.note else SAME

    @property
    def is_empty(self) -> bool:
        """Whether it holds nothing and is to hold nothing."""
        return self.before.value is None and self.value is None


def change_lines(cells: Iterable[ChangedCell]) -> Iterator[str]:
    """Yield how cells change, which stand row by row: "KPIs!C5: 41.0% → 43.0%", "KPIs!B6:C6 new: Ben | 25.0%"."""
    for _, row in groupby(cells, lambda cell: (cell.tab, cell.row)):
        yield from _row_lines([*row])


def _row_lines(row: Sequence[ChangedCell]) -> Iterator[str]:
    at = 0
    while at < len(row):
        run = _run(row, at)
        if run:
            yield _run_line(run)
            # why cells of a new row are empty is not told
            at += len(run)
            while at < len(row) and run[0].kind == NEW and row[at].is_empty and not row[at].before.note:
                at += 1
            continue
        if row[at].kind in (CHANGED, NOTED):
            yield _line(row[at])
        at += 1


def _run(row: Sequence[ChangedCell], at: int) -> Sequence[ChangedCell]:
    """Return the cells from one on that come or go together; those in between are empty before and after."""
    kind = row[at].kind
    if kind not in (NEW, GONE):
        return ()
    end = last = at
    while end < len(row) and row[end].column == row[at].column + end - at:
        if row[end].kind == kind:
            last = end
        elif not row[end].is_empty or row[end].before.note:
            break
        end += 1
    return row[at : last + 1]


def _run_line(run: Sequence[ChangedCell]) -> str:
    kind = run[0].kind
    place = _place(run[0]) + (f":{cell_address(run[-1].row, run[-1].column)}" if len(run) > 1 else "")
    values = [_shown(cell.value if kind == NEW else cell.before.value, cell) for cell in run]
    for number in range(min(len(values), _LONGEST_LINE // 4), 0, -1):
        rest = f" | … and {len(values) - number:,} more" if number < len(values) else ""
        line = f"{place} {kind}: {' | '.join(values[:number])}{rest}"
        if len(line) <= _LONGEST_LINE:
            break
    return line


def _line(cell: ChangedCell) -> str:
    if cell.kind == NOTED:
        before, after = (f"'{_text(note)}'" if note else "none" for note in (cell.before.note, cell.note))
        return f"{_place(cell)}: note {before} → {after}"
    before, after = _shown(cell.before.value, cell), _shown(cell.value, cell)
    if before == after:  # they differ in what is not shown
        before, after = (str(_held(value)) for value in (cell.before.value, cell.value))
    return f"{_place(cell)}: {before} → {after}"


def _place(cell: ChangedCell) -> str:
    return f"{harmless(cell.tab)}!{cell_address(cell.row, cell.column)}"


def _held(value: Mapping[str, Any] | None) -> Any:
    return next(iter((value or {"": None}).values()))


def _shown(value: Mapping[str, Any] | None, cell: ChangedCell) -> str:
    return _text(shown(_held(value), cell.pattern)) or _NOTHING


def _text(text: str) -> str:
    return harmless(text, _LONGEST_TEXT)
