"""Heavy tables: their values go into a hidden tab first, in pieces that may be sent again, then one batch copies them.

A tab is of one run only: two programs that write the same table never mix their pieces. One that a killed run left
behind is removed by the next one that writes a heavy table.

The first rows can go with the batch that makes the tab, the last ones with the one that copies: with their types they
take more bytes, but no request of their own.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from itertools import accumulate
from typing import Any

from kpicore_sheets import limits
from kpicore_sheets.addresses import tab_name
from kpicore_sheets.sync import aim
from kpicore_sheets.sync.cells import byte_count, row_data
from kpicore_sheets.sync.content import TableContent
from kpicore_sheets.sync.ids import STAGING_KEY, number_id
from kpicore_sheets.sync.rectangle import Rectangle
from kpicore_sheets.sync.requests import cells_written, metadata_made, metadata_removed, tab_made
from kpicore_sheets.sync.spreadsheet import SeenSpreadsheet
from kpicore_xlsx.addresses import cell_address

Json = dict[str, Any]
_FRAME = 1_000
"""Bytes of a piece beside its rows: the name of its tab, and what tells where they go."""


def staging_id(batch: str) -> int:
    """Return the id of the tab that a batch makes."""
    return number_id(f"staging/{batch}")


def staging_made(batch: str, name: str, content: TableContent) -> Iterator[Json]:
    """Yield what makes a hidden tab for the rows of a table, with the first of them, and a note that reads bring."""
    id, (first, _) = staging_id(batch), staged_rows(content)
    yield tab_made(id, staging_title(id, name), max(content.height, 1), max(content.width, 1))
    yield metadata_made(id, STAGING_KEY, {"spreadsheet": True})
    if first:
        rows = row_data(content.cells(0, first, noted=False))
        yield cells_written(Rectangle(id, 0, 0, first, content.width), rows)


def staging_title(id: int, name: str) -> str:
    """Return the title of such a tab."""
    return f"_kpi staging {name[:40]} {id}"


def staging_removed(id: int) -> Iterator[Json]:
    """Yield what removes such a tab, and the note of it."""
    yield {"deleteSheet": {"sheetId": id}}
    yield metadata_removed(id)


def left_behind(seen: SeenSpreadsheet, used: Collection[int]) -> tuple[int, ...]:
    """Return the tabs that runs left behind which were killed, or that did not get through."""
    return tuple(id for id, item in seen.metadata.items() if item.key == STAGING_KEY and id not in used)


def left_removed(seen: SeenSpreadsheet, used: Collection[int]) -> Iterator[Json]:
    """Yield what removes the tabs that were left behind; somebody may have deleted one already."""
    for id in left_behind(seen, used):
        yield from staging_removed(id) if id in seen.tabs else (metadata_removed(id),)


def staged_rows(content: TableContent) -> tuple[int, int]:
    """Return the rows that go into the tab in pieces, the first one and the one behind the last.

    Those before go with the batch that makes the tab, those behind with the one that copies, where that saves a piece.
    """
    height = content.height
    first = _fitting(content.typed)
    end = max(first, height - _fitting(reversed(content.typed)))
    saves = len([*_cuts(content, first, end)]) < len([*_cuts(content, 0, height)])
    return (first, end) if saves else (0, height)


def _fitting(sizes: Iterable[int]) -> int:
    """Return how many rows fit into a batch."""
    return sum(size <= aim.MOST_IN_ONE for size in accumulate(sizes))


def _cuts(content: TableContent, first: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the rows of each piece, the first one and the one behind the last."""
    start, size, most = first, 0, limits.MOST_BYTES - _FRAME
    for number in range(first, end):
        more = content.raw[number] + 1
        if number > start and size + more > most:
            yield start, number
            start, size = number, 0
        size += more
    if end > first:
        yield start, end


def pieces(content: TableContent, title: str) -> Iterator[bytes]:
    """Yield the bodies that write rows of a table into its tab as they are (RAW)."""
    for start, end in _cuts(content, *staged_rows(content)):
        lines = [content.line(number) for number in range(start, end)]
        if len(lines) == 1 and byte_count(lines[0]) > limits.MOST_BYTES - _FRAME:
            yield from _parts_of_row(title, start, lines[0])
        else:
            yield _piece(title, start, 0, ",".join(lines))


def _parts_of_row(title: str, row: int, line: str) -> Iterator[bytes]:
    """Yield the bodies that write a row that is too much for one."""
    column, cells, size = 0, list[str](), 0
    for at, value in enumerate(json.loads(line)):
        text = json.dumps("" if value is None else value, ensure_ascii=False)
        if cells and size + byte_count(text) + 1 > limits.MOST_BYTES - _FRAME:
            yield _piece(title, row, column, f"[{','.join(cells)}]")
            column, cells, size = at, [], 0
        cells.append(text)
        size += byte_count(text) + 1
    yield _piece(title, row, column, f"[{','.join(cells)}]")


def _piece(title: str, row: int, column: int, rows: str) -> bytes:
    cell = json.dumps(f"{tab_name(title)}!{cell_address(row, column)}", ensure_ascii=False)
    body = f'{{"valueInputOption":"RAW","data":[{{"range":{cell},"majorDimension":"ROWS","values":[{rows}]}}]}}'
    return body.encode("utf-8", "replace")


def copied(tab: int, first: int, target: Rectangle) -> Json:
    """Return what copies the values of such a tab, from its row `first` on, into the cells of a table."""
    source = Rectangle(tab, first, 0, first + target.height, target.width)
    return {"copyPaste": {"source": source.json(), "destination": target.json(), "pasteType": "PASTE_VALUES"}}
