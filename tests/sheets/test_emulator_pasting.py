"""Pasting takes the part of the cells that its type says; formats, notes and formulas are told apart."""

from __future__ import annotations

import pytest

from tests.sheets.asked import batch, cells, place, read, values

BOLD = {"textFormat": {"bold": True}}
SOURCE = [
    {"userEnteredValue": {"numberValue": 2}, "userEnteredFormat": BOLD, "note": "n"},
    {"userEnteredValue": {"formulaValue": "=A1"}},
]
FILL = {"updateCells": {"start": {}, "fields": "*", "rows": [{"values": SOURCE}]}}
CELLS = "sheets.data.rowData.values(userEnteredValue,userEnteredFormat,note)"


def pasted(emulator, kind: str) -> list[object]:
    batch(emulator, FILL, {"updateCells": {"start": {"rowIndex": 4}, "fields": "*", "rows": cells([7, 8])}})
    paste = {"source": place(0, 1, 0, 2), "destination": place(4, 5, 0, 2), "pasteType": kind}
    batch(emulator, {"copyPaste": paste})
    (row,) = read(emulator, CELLS, "KPIs!A5:B5")["sheets"][0]["data"][0]["rowData"]
    return list(row["values"])


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("PASTE_NORMAL", SOURCE),
        ("PASTE_VALUES", [{"userEnteredValue": {"numberValue": 2}}, {"userEnteredValue": {"numberValue": 2}}]),
        ("PASTE_FORMULA", [{"userEnteredValue": {"numberValue": 2}}, {"userEnteredValue": {"formulaValue": "=A1"}}]),
        (
            "PASTE_FORMAT",
            [
                {"userEnteredValue": {"numberValue": 7}, "userEnteredFormat": BOLD},
                {"userEnteredValue": {"numberValue": 8}},
            ],
        ),
    ],
)
def test_only_the_named_part_is_pasted(emulator, kind, expected):
    assert pasted(emulator, kind) == expected


def test_a_range_is_pasted_as_often_as_it_fits(emulator):
    batch(emulator, FILL)
    batch(emulator, {"copyPaste": {"source": place(0, 1, 0, 1), "destination": place(2, 4, 0, 3)}})
    assert values(emulator, "KPIs!A3:C4") == [[2, 2, 2], [2, 2, 2]]


def test_empty_cells_are_pasted_too(emulator):
    batch(emulator, {"updateCells": {"start": {}, "fields": "*", "rows": cells([1, 2, 3])}})
    paste = {"source": place(5, 6, 0, 3), "destination": place(0, 1, 0, 1), "pasteType": "PASTE_VALUES"}
    batch(emulator, {"copyPaste": paste})
    assert values(emulator) == []


def test_a_staged_tab_is_pasted_and_deleted_in_one_batch(emulator):
    batch(emulator, {"addSheet": {"properties": {"sheetId": 7, "title": "staging", "hidden": True}}})
    batch(emulator, {"updateCells": {"start": {"sheetId": 7}, "fields": "*", "rows": cells(["a", 1], ["b", 2])}})
    source, to = {"sheetId": 7, **place(0, 2, 0, 2)}, place(3, 5, 1, 3)
    paste = {"copyPaste": {"source": source, "destination": to, "pasteType": "PASTE_VALUES"}}
    batch(emulator, paste, {"deleteSheet": {"sheetId": 7}})
    assert values(emulator, "KPIs!B4:C5") == [["a", 1], ["b", 2]]


def test_a_mask_leaves_what_it_does_not_name(emulator):
    batch(emulator, FILL)
    number = {"userEnteredFormat": {"numberFormat": {"type": "NUMBER", "pattern": "0.0"}}}
    fields = "userEnteredFormat.numberFormat"
    batch(emulator, {"repeatCell": {"range": place(0, 1, 0, 1), "cell": number, "fields": fields}})
    (row,) = read(emulator, CELLS, "KPIs!A1")["sheets"][0]["data"][0]["rowData"]
    assert row["values"] == [{**SOURCE[0], "userEnteredFormat": {**BOLD, **number["userEnteredFormat"]}}]


def test_cells_of_a_range_that_are_not_given_are_cleared(emulator):
    batch(emulator, FILL)
    batch(emulator, {"updateCells": {"range": place(0, 1, 0, 2), "fields": "userEnteredValue", "rows": cells([5])}})
    assert values(emulator) == [[5]]
    (row,) = read(emulator, CELLS, "KPIs!A1:B1")["sheets"][0]["data"][0]["rowData"]
    assert row["values"] == [{"userEnteredValue": {"numberValue": 5}, "userEnteredFormat": BOLD, "note": "n"}]


def test_a_color_stands_in_both_of_googles_forms(emulator):
    style = {"backgroundColorStyle": {"rgbColor": {"red": 1, "green": 0}}}
    cell, fields = {"userEnteredFormat": style}, "userEnteredFormat.backgroundColorStyle"
    batch(emulator, {"repeatCell": {"range": place(0, 1, 0, 1), "cell": cell, "fields": fields}})
    (row,) = read(emulator, "sheets.data.rowData.values.userEnteredFormat", "KPIs!A1")["sheets"][0]["data"][0][
        "rowData"
    ]
    assert row["values"][0]["userEnteredFormat"] == {
        "backgroundColor": {"red": 1},
        "backgroundColorStyle": {"rgbColor": {"red": 1}},
    }


RULE = {"booleanRule": {"condition": {"type": "NOT_BLANK"}, "format": BOLD}}


def test_conditional_formats_are_pasted_along(emulator):
    batch(emulator, {"addConditionalFormatRule": {"rule": {**RULE, "ranges": [place(0, 2, 0, 2)]}}})
    batch(emulator, {"copyPaste": {"source": place(0, 1, 0, 2), "destination": place(4, 5, 0, 2)}})
    (kept,) = read(emulator, "sheets.conditionalFormats.ranges")["sheets"][0]["conditionalFormats"]
    assert kept["ranges"] == [place(0, 2, 0, 2), place(4, 5, 0, 2)]


def test_what_stands_on_cut_cells_goes_to_the_other_tab(emulator):
    other = {"sheetId": 7, "rowIndex": 2, "columnIndex": 0}
    batch(
        emulator,
        {"addSheet": {"properties": {"sheetId": 7, "title": "Other"}}},
        {"addConditionalFormatRule": {"rule": {**RULE, "ranges": [place(0, 2, 0, 2), place(9, 10, 0, 1)]}}},
        {"addProtectedRange": {"protectedRange": {"range": place(0, 1, 0, 1), "warningOnly": True}}},
        {"mergeCells": {"range": place(0, 2, 0, 1), "mergeType": "MERGE_ALL"}},
        {"cutPaste": {"source": place(0, 2, 0, 2), "destination": other, "pasteType": "PASTE_NORMAL"}},
    )
    mine, theirs = read(emulator, "sheets(merges,conditionalFormats.ranges,protectedRanges.range)")["sheets"]
    assert mine == {"conditionalFormats": [{"ranges": [place(9, 10, 0, 1)]}]}
    assert theirs == {
        "merges": [{"sheetId": 7, **place(2, 4, 0, 1)}],
        "conditionalFormats": [{"ranges": [{"sheetId": 7, **place(2, 4, 0, 2)}]}],
        "protectedRanges": [{"range": {"sheetId": 7, **place(2, 3, 0, 1)}}],
    }


def test_a_validation_is_set_and_pasted_by_itself(emulator):
    rule = {"condition": {"type": "BOOLEAN"}}
    batch(emulator, FILL, {"setDataValidation": {"range": place(0, 1, 0, 1), "rule": rule}})
    paste = {"source": place(0, 1, 0, 1), "destination": place(1, 2, 0, 1), "pasteType": "PASTE_DATA_VALIDATION"}
    batch(emulator, {"copyPaste": paste})
    fields = "sheets.data.rowData.values(dataValidation,note)"
    (row,) = read(emulator, fields, "KPIs!A2")["sheets"][0]["data"][0]["rowData"]
    assert row["values"] == [{"dataValidation": rule}]


def test_rows_are_appended_below_the_last_one(emulator):
    batch(emulator, FILL, {"appendCells": {"fields": "*", "rows": cells(["x"])}})
    assert values(emulator, "KPIs!A2") == [["x"]]
