"""What stands in a spreadsheet follows when rows and columns are inserted, deleted and moved."""

from __future__ import annotations

import pytest

from tests.sheets.asked import batch, cells, lines, mark, marks, name, place, range_of, read, refused, unmark, values

TABLE = place(4, 8, 1, 3)
LETTERS = {
    "updateCells": {"start": {}, "fields": "userEnteredValue", "rows": cells(*([letter] for letter in "abcdef"))}
}


@pytest.mark.parametrize(
    ("kind", "start", "end", "rows"),
    [
        ("insertDimension", 0, 2, (6, 10)),
        ("insertDimension", 4, 5, (5, 9)),
        ("insertDimension", 5, 8, (4, 11)),
        ("insertDimension", 8, 9, (4, 8)),
        ("deleteDimension", 0, 1, (3, 7)),
        ("deleteDimension", 3, 5, (3, 6)),
        ("deleteDimension", 5, 6, (4, 7)),
        ("deleteDimension", 7, 9, (4, 7)),
        ("deleteDimension", 8, 9, (4, 8)),
    ],
)
def test_a_named_range_moves_grows_and_shrinks_with_rows(emulator, kind, start, end, rows):
    batch(emulator, name("table", TABLE), {kind: {"range": lines("ROWS", start, end)}})
    assert range_of(emulator, "table") == place(*rows, 1, 3)


@pytest.mark.parametrize(
    ("kind", "start", "end", "columns"),
    [
        ("insertDimension", 1, 2, (2, 4)),
        ("insertDimension", 2, 4, (1, 5)),
        ("deleteDimension", 0, 2, (0, 1)),
        ("deleteDimension", 2, 8, (1, 2)),
    ],
)
def test_a_named_range_follows_columns(emulator, kind, start, end, columns):
    batch(emulator, name("table", TABLE), {kind: {"range": lines("COLUMNS", start, end)}})
    assert range_of(emulator, "table") == place(4, 8, *columns)


@pytest.mark.parametrize(
    ("source", "to", "rows"),
    [
        ((4, 8), 0, (0, 4)),
        ((4, 8), 20, (16, 20)),
        ((0, 2), 20, (2, 6)),
        ((10, 12), 0, (6, 10)),
        ((10, 12), 6, (4, 10)),
        ((5, 6), 12, (4, 7)),
        ((5, 6), 8, (4, 8)),
        ((3, 5), 12, (3, 6)),
    ],
)
def test_a_named_range_follows_rows_that_are_moved(emulator, source, to, rows):
    move = {"moveDimension": {"source": lines("ROWS", *source), "destinationIndex": to}}
    batch(emulator, name("table", TABLE), move)
    assert range_of(emulator, "table") == place(*rows, 1, 3)


def test_cells_go_along_with_their_rows(emulator):
    batch(emulator, LETTERS, {"moveDimension": {"source": lines("ROWS", 0, 2), "destinationIndex": 5}})
    assert values(emulator) == [["c"], ["d"], ["e"], ["a"], ["b"], ["f"]]
    batch(
        emulator,
        {"insertDimension": {"range": lines("ROWS", 1, 2)}},
        {"deleteDimension": {"range": lines("ROWS", 3, 5)}},
    )
    assert values(emulator) == [["c"], [], ["d"], ["b"], ["f"]]
    grid = read(emulator, "sheets.properties.gridProperties")["sheets"][0]["properties"]["gridProperties"]
    assert grid == {"rowCount": 19, "columnCount": 8}


def test_marks_move_with_their_row_and_column_and_never_grow(emulator):
    batch(emulator, mark(1, "ROWS", 4), mark(2, "ROWS", 7), mark(3, "COLUMNS", 1))
    batch(emulator, {"insertDimension": {"range": lines("ROWS", 5, 7)}})
    batch(emulator, {"insertDimension": {"range": lines("COLUMNS", 0, 1)}})
    assert marks(emulator) == {1: ("ROWS", 4), 2: ("ROWS", 9), 3: ("COLUMNS", 2)}
    batch(emulator, {"moveDimension": {"source": lines("ROWS", 9, 10), "destinationIndex": 0}})
    assert marks(emulator) == {1: ("ROWS", 5), 2: ("ROWS", 0), 3: ("COLUMNS", 2)}


def test_a_mark_on_a_deleted_row_is_gone(emulator):
    batch(emulator, mark(1, "ROWS", 4), mark(2, "ROWS", 7), {"deleteDimension": {"range": lines("ROWS", 4, 5)}})
    assert marks(emulator) == {2: ("ROWS", 6)}


def test_a_mark_that_has_moved_cannot_be_made_again(emulator):
    batch(emulator, mark(1, "ROWS", 4))
    batch(emulator, unmark(1, "ROWS", 4), mark(1, "ROWS", 4))
    batch(emulator, {"insertDimension": {"range": lines("ROWS", 0, 1)}})
    assert refused(emulator, unmark(1, "ROWS", 4), mark(1, "ROWS", 4)).startswith("Invalid requests[1].create")
    batch(emulator, unmark(1, "ROWS", 5), mark(1, "ROWS", 8))
    assert marks(emulator) == {1: ("ROWS", 8)}


def test_a_named_range_whose_rows_are_all_deleted_is_still_there_without_a_place(emulator):
    batch(emulator, name("table", TABLE), {"deleteDimension": {"range": lines("ROWS", 2, 9)}})
    assert range_of(emulator, "table") is None
    assert "already exists" in refused(emulator, name("table", TABLE))


def test_all_that_has_ranges_follows(emulator):
    source = {"sourceRange": {"sources": [TABLE]}}
    chart = {"basicChart": {"chartType": "LINE", "series": [{"series": source}]}}
    at = {"overlayPosition": {"anchorCell": {"rowIndex": 9, "columnIndex": 4}}}
    condition = {"condition": {"type": "NOT_BLANK"}, "format": {"textFormat": {"bold": True}}}
    rule = {"ranges": [TABLE], "booleanRule": condition}
    batch(
        emulator,
        {"addProtectedRange": {"protectedRange": {"range": TABLE, "warningOnly": True}}},
        {"addConditionalFormatRule": {"rule": rule}},
        {"addChart": {"chart": {"chartId": 5, "spec": chart, "position": at}}},
        {"mergeCells": {"range": TABLE, "mergeType": "MERGE_ALL"}},
        {"setBasicFilter": {"filter": {"range": TABLE}}},
        {"insertDimension": {"range": lines("ROWS", 5, 6)}},
        {"insertDimension": {"range": lines("COLUMNS", 0, 1)}},
    )
    (tab,) = read(emulator, "sheets(protectedRanges,conditionalFormats,charts,merges,basicFilter)")["sheets"]
    (drawn,) = tab["charts"]
    there = place(4, 9, 2, 4)
    assert tab["merges"] == [there]
    assert tab["basicFilter"] == {"range": there}
    assert tab["protectedRanges"][0]["range"] == there
    assert tab["conditionalFormats"][0]["ranges"] == [there]
    assert drawn["spec"]["basicChart"]["series"][0]["series"]["sourceRange"]["sources"] == [there]
    assert drawn["position"]["overlayPosition"]["anchorCell"] == {"rowIndex": 10, "columnIndex": 5}


def test_what_stood_on_a_deleted_tab_is_gone(emulator):
    batch(emulator, {"addSheet": {"properties": {"sheetId": 7, "title": "Other"}}})
    batch(emulator, name("there", {"sheetId": 7, **TABLE}), {"deleteSheet": {"sheetId": 7}})
    assert range_of(emulator, "there") is None


def test_a_tab_that_is_made_smaller_loses_its_last_rows(emulator):
    batch(emulator, LETTERS, name("table", place(4, 8, 0, 1)), mark(1, "ROWS", 6))
    fields = "gridProperties.rowCount"
    batch(emulator, {"updateSheetProperties": {"properties": {"gridProperties": {"rowCount": 6}}, "fields": fields}})
    assert (range_of(emulator, "table"), marks(emulator)) == (place(4, 6, 0, 1), {})
