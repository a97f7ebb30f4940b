"""Large tables: their values go into a hidden tab first, in pieces that may be sent again, then one batch copies them.

A tab is of one run only: two programs that write the same table never mix their pieces. One that a killed run left
behind is removed by the next one that writes a large table.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from kpicore_sheets.addresses import cell_name, tab_name
from kpicore_sheets.sync.cells import shown_value
from kpicore_sheets.sync.content import TableContent
from kpicore_sheets.sync.ids import STAGING_KEY, number_id
from kpicore_sheets.sync.rectangle import Rectangle
from kpicore_sheets.sync.requests import metadata_made, metadata_removed, tab_made
from kpicore_sheets.sync.spreadsheet import SeenSpreadsheet

Json = dict[str, Any]
MOST_BYTES = 2_000_000
"""Of a piece."""


def staging_id(batch: str) -> int:
    """Return the id of the tab that a batch makes."""
    return number_id(f"staging/{batch}")


def staging_made(batch: str, name: str, rows: int, columns: int) -> Iterator[Json]:
    """Yield what makes a hidden tab for the values of a table, and a note of it that each read brings."""
    id = staging_id(batch)
    yield tab_made(id, staging_title(id, name), rows, columns)
    yield metadata_made(id, STAGING_KEY, {"spreadsheet": True})


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


def pieces(content: TableContent, title: str, first: int, end: int) -> Iterator[bytes]:
    """Yield the bodies that write the rows of a table into its tab as they are (RAW); an empty text clears a cell."""
    lines, start, size = list[str](), first, 0
    for number in range(first, end):
        # where nothing stands yet null and an empty text are one
        line = content.texts[number] or _line(content.rows[number].values)
        if lines and size + len(line) > MOST_BYTES:
            yield _piece(title, start - first, lines)
            lines, start, size = [], number, 0
        lines.append(line)
        size += len(line) + 1
    if lines:
        yield _piece(title, start - first, lines)


def _line(values: tuple[Any, ...]) -> str:
    shown = ["" if (value := shown_value(item)) is None else value for item in values]
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))


def _piece(title: str, row: int, lines: list[str]) -> bytes:
    cell = json.dumps(f"{tab_name(title)}!{cell_name(row, 0)}", ensure_ascii=False)
    values = ",".join(lines)
    body = f'{{"valueInputOption":"RAW","data":[{{"range":{cell},"majorDimension":"ROWS","values":[{values}]}}]}}'
    return body.encode("utf-8", "replace")


def copied(tab: int, target: Rectangle) -> Json:
    """Return what copies the values of such a tab into the cells of a table."""
    source = Rectangle(tab, 0, 0, target.height, target.width)
    return {"copyPaste": {"source": source.json(), "destination": target.json(), "pasteType": "PASTE_VALUES"}}


def notes_written(content: TableContent, target: Rectangle, first: int, end: int) -> Iterator[Json]:
    """Yield what gives the cells of a table their notes, and takes those away that they had."""
    yield {"repeatCell": {"range": target.json(), "cell": {}, "fields": "note"}}
    for (row, column), note in sorted(content.notes.items()):
        if first <= row < end:
            top, left = target.top + row - first, target.left + column
            cell = Rectangle(target.tab, top, left, top + 1, left + 1)
            yield {"repeatCell": {"range": cell.json(), "cell": {"note": note}, "fields": "note"}}
