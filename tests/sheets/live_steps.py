"""What the sync builds on at Google, tried one by one. Each step leaves the tab as it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from tests.sheets.live_tab import (
    APPLIED,
    COLUMNS,
    IDS,
    ROWS,
    SHEET,
    TITLE,
    Finding,
    Json,
    LiveTab,
    cells,
    lines,
    mark,
    name,
    text,
    unmark,
    unname,
)

_MARK, _AREA, _CHART = IDS.first_row, IDS.area, IDS.chart(0)
_FENCE, _NEXT, _OTHER = IDS.fence(1), IDS.fence(2), IDS.fence(3)


def insert(dimension: str, start: int, count: int = 1) -> Json:
    """Return the request that inserts rows or columns."""
    return {"insertDimension": {"range": lines(dimension, start, start + count), "inheritFromBefore": False}}


def delete(dimension: str, start: int, count: int = 1) -> Json:
    """Return the request that deletes rows or columns."""
    return {"deleteDimension": {"range": lines(dimension, start, start + count)}}


def place_marks(tab: LiveTab) -> Iterator[Finding]:
    """A mark that moved makes the batch fail."""
    tab.batch(mark(_MARK, 4))
    seen = tab.tries(mark(_MARK, 6))
    yield Finding("a second mark with the same id is refused", seen, seen != APPLIED)
    seen = tab.tries(unmark(_MARK, 9))
    yield Finding("to delete a mark that is elsewhere is no error", seen, seen == APPLIED)
    seen = f"{tab.tries(unmark(_MARK, 4), mark(_MARK, 4))}, marks {len(tab.marks())}"
    yield Finding("a mark is deleted at its place and made again", seen, seen == "applied, marks 1")
    tab.batch(insert("ROWS", 2))
    seen = tab.tries(text(0, 0, "wrong"), unmark(_MARK, 4), mark(_MARK, 4))
    yield Finding("after a row was inserted above, the same batch is refused", seen, seen != APPLIED)
    seen = f"row {tab.marks().get(_MARK, -1) + 1}, A1 {tab.read('sheets.data.rowData.values.userEnteredValue', 'A1')}"
    yield Finding("of it nothing was applied, and the mark went with its row", tab.told(seen), _nothing(tab))
    tab.batch(delete("ROWS", 2), unmark(_MARK, 4))


def _nothing(tab: LiveTab) -> bool:
    return "wrong" not in str(tab.read("sheets.data.rowData.values.userEnteredValue", "A1")) and tab.marks() == {
        _MARK: 5
    }


def deleted_marks(tab: LiveTab) -> Iterator[Finding]:
    """Marks vanish with their rows, and the edges of the grid tell it."""
    tab.batch(mark(_MARK, 4))
    tab.batch(delete("ROWS", 4))
    yield Finding("a mark vanishes with its row", f"marks {len(tab.marks())}", not tab.marks())
    seen = tab.tries(mark(_MARK, ROWS - 1), unmark(_MARK, ROWS - 1))
    yield Finding("metadata on a row behind the last one is refused", seen, seen != APPLIED)
    seen = f"{tab.tries(mark(_MARK, ROWS - 2), unmark(_MARK, ROWS - 2))}, marks {len(tab.marks())}"
    yield Finding("metadata on the last row is made and deleted in one batch", seen, seen == "applied, marks 0")
    tab.batch({"appendDimension": {"sheetId": SHEET, "dimension": "ROWS", "length": 1}})


def fence(tab: LiveTab) -> Iterator[Finding]:
    """A named range is a compare-and-set against a second writer."""
    tab.batch(name(_FENCE, cells(2, 6, 1, 4)))
    seen = tab.tries(name(_FENCE, cells(2, 6, 1, 4), "live_other"))
    yield Finding("a named range whose id is there is refused", seen, seen != APPLIED)
    seen = tab.tries(name(_OTHER, cells(2, 6, 1, 4), f"live_{_FENCE}"))
    yield Finding("a named range whose name is there is refused", seen, seen != APPLIED)
    seen = tab.tries(unname(_FENCE), name(_NEXT, cells(2, 6, 1, 4)))
    yield Finding("the fence is deleted and the next one added in one batch", seen, seen == APPLIED)
    seen = tab.tries(text(0, 0, "wrong"), unname(_FENCE))
    yield Finding("to delete a named range that is gone is refused", seen, seen != APPLIED)
    tab.batch(unname(_NEXT))


def witness(tab: LiveTab) -> Iterator[Finding]:
    """What becomes of a named range when people move cells."""
    tab.batch(name(_AREA, cells(2, 6, 1, 4)))
    for built_on, requests, expected in (
        ("it follows rows inserted above", (insert("ROWS", 0, 2),), "rows 5-8, columns 2-4"),
        ("it grows with a row inserted inside", (insert("ROWS", 5),), "rows 5-9, columns 2-4"),
        ("it shrinks with a row deleted inside", (delete("ROWS", 5),), "rows 5-8, columns 2-4"),
        ("it follows cells inserted above", (_shift(0, 1, 4),), "rows 6-9, columns 2-4"),
        ("it follows all its cells cut and pasted", (_cut(cells(5, 9, 1, 4), 20, 1),), "rows 21-24, columns 2-4"),
    ):
        tab.batch(*requests)
        seen = tab.named(_AREA)
        yield Finding(built_on, seen, seen == expected)
    for built_on, requests in (
        ("cells inserted beside a part of it", (_shift(20, 1, 2),)),
        ("a part of it cut and pasted elsewhere", (_cut(cells(21, 22, 1, 2), 30, 8),)),
        ("all its rows deleted", (delete("ROWS", 20, 5),)),
    ):
        tab.batch(*requests)
        yield Finding(built_on, tab.named(_AREA), None)
    if tab.named(_AREA) != "gone":
        tab.batch(unname(_AREA))
    _resize(tab)


def _shift(top: int, left: int, right: int) -> Json:
    return {"insertRange": {"range": cells(top, top + 1, left, right), "shiftDimension": "ROWS"}}


def _cut(source: Json, row: int, column: int) -> Json:
    place = {"sheetId": SHEET, "rowIndex": row, "columnIndex": column}
    return {"cutPaste": {"source": source, "destination": place, "pasteType": "PASTE_NORMAL"}}


def _resize(tab: LiveTab) -> None:
    """Bring the tab back to its size, which is ours alone."""
    grid = {"sheetId": SHEET, "gridProperties": {"rowCount": ROWS, "columnCount": COLUMNS}}
    fields = "gridProperties(rowCount,columnCount)"
    tab.batch({"updateSheetProperties": {"properties": grid, "fields": fields}})


def answer_of_a_batch(tab: LiveTab) -> Iterator[Finding]:
    """The answer tells the spreadsheet as it is after the batch."""
    answer = tab.batch(text(0, 0, "kpi"), name(_AREA, cells(0, 1, 0, 1)), includeSpreadsheetInResponse=True)
    updated = answer.get("updatedSpreadsheet", {})
    grids = {
        sheet["properties"].get("sheetId"): sheet["properties"].get("gridProperties") for sheet in updated["sheets"]
    }
    seen = {key: grids[SHEET].get(key) for key in ("rowCount", "columnCount")}
    yield Finding("it tells rows and columns", str(seen), seen == {"rowCount": ROWS, "columnCount": COLUMNS})
    ids = [named["namedRangeId"] for named in updated.get("namedRanges", [])]
    yield Finding("it tells named ranges", f"ours among {len(ids)}", _AREA in ids)
    yield Finding("it is small", f"{len(json.dumps(answer)) // 1000} kB", None)
    tab.batch(unname(_AREA), text(0, 0, ""))


def conditional_formats(tab: LiveTab) -> Iterator[Finding]:
    """Replies about conditional formats carry the rules."""
    condition = {"type": "NUMBER_GREATER", "values": [{"userEnteredValue": "1"}]}
    rule = {
        "ranges": [cells(2, 6, 1, 2)],
        "booleanRule": {"condition": condition, "format": {"textFormat": {"bold": True}}},
    }
    tab.batch({"addConditionalFormatRule": {"rule": rule, "index": 0}})
    wider = rule | {"ranges": [cells(2, 9, 1, 2)]}
    answer = tab.batch({"updateConditionalFormatRule": {"rule": wider, "index": 0, "sheetId": SHEET}})
    reply = answer["replies"][0].get("updateConditionalFormatRule", {})
    yield Finding(
        "the reply to an update has the old and the new rule", _keys(reply), {"oldRule", "newRule"} <= {*reply}
    )
    answer = tab.batch({"deleteConditionalFormatRule": {"sheetId": SHEET, "index": 0}})
    reply = answer["replies"][0].get("deleteConditionalFormatRule", {})
    yield Finding("the reply to a deletion has the rule", _keys(reply), "rule" in reply)


def _keys(reply: Json) -> str:
    return ", ".join(sorted(reply)) or "nothing"


def charts(tab: LiveTab) -> Iterator[Finding]:
    """A chart keeps the id that we choose."""
    source = {"sourceRange": {"sources": [cells(2, 6, 1, 2)]}}
    basic = {"chartType": "LINE", "domains": [{"domain": source}], "series": [{"series": source}]}
    place = {"overlayPosition": {"anchorCell": {"sheetId": SHEET, "rowIndex": 0, "columnIndex": 6}}}
    chart = {"chartId": _CHART, "spec": {"title": "kpi", "basicChart": basic}, "position": place}
    seen = tab.tries({"addChart": {"chart": chart}})
    ids = [made.get("chartId") for made in tab.tab("charts(chartId)").get("charts", [])]
    yield Finding("a chart keeps the id that was chosen", f"{seen}, ours: {_CHART in ids}", ids == [_CHART])
    seen = tab.tries({"addChart": {"chart": chart}})
    yield Finding("a second chart with that id is refused", seen, seen != APPLIED)
    tab.batch({"deleteEmbeddedObject": {"objectId": _CHART}})


def texts(tab: LiveTab) -> Iterator[Finding]:
    """Text stays text."""
    tab.batch(text(0, 0, "=1+1"))
    yield Finding("a stringValue is never a formula", *_is_text(tab, "A1"))
    data = {"range": f"'{TITLE}'!C1", "values": [["=1+1"]]}
    body = {"valueInputOption": "RAW", "data": [data]}
    tab.google.values_update(tab.spreadsheet, json.dumps(body).encode())
    yield Finding("a RAW value is never a formula", *_is_text(tab, "C1"))
    paste = {"source": cells(0, 1, 2, 3), "destination": cells(0, 1, 4, 5), "pasteType": "PASTE_VALUES"}
    tab.batch({"copyPaste": paste})
    yield Finding("it is none after copyPaste of values either", *_is_text(tab, "E1"))
    tab.batch(*(text(0, column, "") for column in (0, 2, 4)))


def _is_text(tab: LiveTab, cell: str) -> tuple[str, bool]:
    sheets = tab.read("sheets.data.rowData.values.userEnteredValue", cell).get("sheets", [{}])
    value = sheets[0]["data"][0]["rowData"][0]["values"][0]["userEnteredValue"]
    return tab.told(value), value == {"stringValue": "=1+1"}


def written_over(tab: LiveTab) -> Iterator[Finding]:
    """What is written over is gone, and a warning hinders nobody who asks by the API."""
    tab.batch(text(0, 0, "old"), text(0, 1, "old"))
    rows = [{"values": [{"userEnteredValue": {"stringValue": "new"}}]}]
    written = {"range": cells(0, 1, 0, 2), "rows": rows, "fields": "userEnteredValue,note"}
    tab.batch({"updateCells": written})
    read = tab.google.values(tab.spreadsheet, [f"'{TITLE}'!A1:B1"])["valueRanges"][0].get("values")
    yield Finding("a cell of the range that is not named is cleared", tab.told(read), read == [["new"]])
    warning = {"range": cells(0, 1, 0, 2), "warningOnly": True, "protectedRangeId": IDS.guard}
    tab.batch({"addProtectedRange": {"protectedRange": warning}})
    seen = tab.tries(text(0, 0, "newer"))
    yield Finding("a protection that only warns lets a batch through", seen, seen == APPLIED)
    tab.batch({"deleteProtectedRange": {"protectedRangeId": IDS.guard}}, text(0, 0, ""))


def formulas(tab: LiveTab) -> Iterator[Finding]:
    """In which language and with which separators formulas are read."""
    start = {"sheetId": SHEET, "rowIndex": 0, "columnIndex": 0}
    written = [{"values": [{"userEnteredValue": {"formulaValue": '=IF(TRUE,SUM(1.5,2),"a;b")'}}]}]
    tab.batch({"updateCells": {"rows": written, "fields": "userEnteredValue", "start": start}})
    locale = tab.read("properties.locale")["properties"].get("locale", "")
    read = tab.google.values(tab.spreadsheet, [f"'{TITLE}'!A1"], "FORMULA")["valueRanges"][0].get("values", [[""]])[0][
        0
    ]
    yield Finding(
        "a formula is read as it was written, whatever the locale", f"{locale}: {tab.told(read)}", "," in str(read)
    )
    tab.batch(text(0, 0, ""))


STEPS: tuple[Callable[[LiveTab], Iterator[Finding]], ...] = (
    place_marks,
    deleted_marks,
    fence,
    witness,
    answer_of_a_batch,
    conditional_formats,
    charts,
    texts,
    written_over,
    formulas,
)
"""The steps but for the last, which looks at what refusals hold: live.py."""
