"""Notes and looks of the cells that were written: what else a table shows, and may be more than one batch takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kpicore_sheets.compact_json import compact_json
from kpicore_sheets.sync.aim import Piece
from kpicore_sheets.sync.cells import byte_count
from kpicore_sheets.sync.content import TableContent
from kpicore_sheets.sync.looks import look_requests
from kpicore_sheets.sync.rectangle import Rectangle

Json = dict[str, Any]
_Run = tuple[int, int, str]


def dressing(content: TableContent, piece: Piece, styled: Sequence[Rectangle], noted: range) -> list[Json]:
    """Return what gives cells their looks, and the rows that are `noted` their notes: always the same for the same."""
    return [
        *note_requests(content.notes, piece, noted),
        *look_requests(piece.rectangle, content.rows[piece.first : piece.end], styled),
    ]


def note_requests(notes: Mapping[tuple[int, int], str], piece: Piece, noted: range) -> Iterator[Json]:
    """Yield what gives cells their notes, those that stand together and are the same at once."""
    runs = defaultdict[int, list[_Run]](list)
    for (row, column), note in sorted(notes.items()):
        if row not in noted:
            continue
        before = runs[row]
        if before and before[-1][1:] == (column, note):
            before[-1] = (before[-1][0], column + 1, note)
        else:
            before.append((column, column + 1, note))
    for run, top, bottom in _stacked(runs):
        left, right, note = run
        first_row, first_column = piece.rectangle.top - piece.first, piece.rectangle.left
        cells = Rectangle(
            piece.rectangle.tab, first_row + top, first_column + left, first_row + bottom, first_column + right
        )
        yield {"repeatCell": {"range": cells.json(), "cell": {"note": note}, "fields": "note"}}


def _stacked(runs: Mapping[int, Sequence[_Run]]) -> Iterator[tuple[_Run, int, int]]:
    """Yield the runs of rows, those that are the same in rows below each other as one: with first row and end."""
    begun = dict[_Run, int]()
    before = -1
    for row in sorted(runs):
        here = {*runs[row]} if row == before + 1 else set()
        for run in [run for run in begun if run not in here]:
            yield run, begun.pop(run), before + 1
        begun |= {run: row for run in runs[row] if run not in begun}
        before = row
    for run, top in begun.items():
        yield run, top, before + 1


def fitting(requests: Sequence[Json], room: int) -> int:
    """Return how many of some requests have room in so many bytes; one always has."""
    for count, request in enumerate(requests):
        room -= byte_count(compact_json(request)) + 1
        if room < 0:
            return max(count, 1)
    return len(requests)
