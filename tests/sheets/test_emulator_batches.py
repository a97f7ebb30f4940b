"""A batch is applied as a whole or not at all, and says in Google's words what is wrong with it."""

from __future__ import annotations

import pytest

from tests.sheets.asked import ask, batch, cells, lines, name, place, read, refused, values

WRITE = {"updateCells": {"start": {}, "fields": "userEnteredValue", "rows": cells(["a", 1], ["=1+1", True])}}


def test_typed_values_are_kept_as_they_are(emulator):
    batch(emulator, WRITE)
    assert values(emulator) == [["a", 1], ["=1+1", True]]


def test_nothing_of_a_batch_is_applied_when_one_request_is_refused(emulator):
    add = {"addSheet": {"properties": {"title": "New"}}}
    message = refused(emulator, WRITE, add, {"deleteNamedRange": {"namedRangeId": "7"}})
    assert message == "Invalid requests[2].deleteNamedRange: No named range with id: 7"
    assert values(emulator) == []
    assert read(emulator, "sheets.properties.title") == {"sheets": [{"properties": {"title": "KPIs"}}]}


def test_a_refused_batch_leaves_cells_that_were_there(emulator):
    batch(emulator, WRITE)
    clear = {"updateCells": {"range": place(0, 2, 0, 2), "fields": "*"}}
    refused(emulator, clear, {"deleteDimension": {"range": lines("ROWS", 0, 1)}}, {"deleteSheet": {"sheetId": 9}})
    assert values(emulator) == [["a", 1], ["=1+1", True]]


def test_an_empty_batch_is_refused(emulator):
    assert refused(emulator) == "Must specify at least one request."


def test_a_kind_of_request_that_is_not_known_is_501(emulator):
    status, answer = ask(emulator, "POST", ":batchUpdate", {"requests": [{"randomizeRange": {"range": {}}}]})
    assert (status, answer["error"]["status"]) == (501, "UNIMPLEMENTED")


def test_a_cell_that_fills_others_is_501(emulator):
    pivot = {"rows": [{"values": [{"pivotTable": {"source": place(0, 2, 0, 2)}}]}], "start": {}, "fields": "pivotTable"}
    assert ask(emulator, "POST", ":batchUpdate", {"requests": [{"updateCells": pivot}]})[0] == 501


def test_an_endpoint_that_is_not_known_is_501(emulator):
    assert ask(emulator, "POST", "/values:batchGetByDataFilter", {})[0] == 501
    assert emulator.handle("GET", "/v1/documents/1", {}, b"")[0] == 501


def test_a_field_that_google_does_not_know_is_told_and_refused(emulator):
    message = refused(emulator, {"updateCells": {"start": {}, "fields": "note", "rows": [], "clear": True}})
    assert "'clear' was unexpected" in message
    assert len(emulator.mistakes) == 1


def test_the_answer_shows_the_spreadsheet_that_it_became(emulator):
    body = {"requests": [WRITE], "includeSpreadsheetInResponse": True, "responseIncludeGridData": True}
    _, answer = ask(emulator, "POST", ":batchUpdate", body | {"responseRanges": ["KPIs!A1:B1"]})
    (tab,) = answer["updatedSpreadsheet"]["sheets"]
    assert [cell["userEnteredValue"] for cell in tab["data"][0]["rowData"][0]["values"]] == [
        {"stringValue": "a"},
        {"numberValue": 1},
    ]


def test_a_mask_decides_what_the_answer_shows(emulator):
    body = {"requests": [WRITE], "includeSpreadsheetInResponse": True}
    fields = "updatedSpreadsheet.sheets.properties.gridProperties"
    _, answer = ask(emulator, "POST", f":batchUpdate?fields={fields}", body)
    grid = {"rowCount": 20, "columnCount": 8}
    assert answer == {"updatedSpreadsheet": {"sheets": [{"properties": {"gridProperties": grid}}]}}


@pytest.mark.parametrize(
    "request_",
    [
        {"updateCells": {"start": {"rowIndex": 20}, "fields": "note", "rows": cells([1])}},
        {"updateCells": {"start": {"rowIndex": 19}, "fields": "note", "rows": cells([1], [2])}},
        {"updateCells": {"range": place(0, 1, 0, 2), "fields": "note", "rows": cells([1, 2, 3])}},
        {"updateCells": {"range": place(0, 1, 0, 2), "fields": "note", "rows": cells([1], [2])}},
        {"updateCells": {"start": {}, "rows": cells([1])}},
        {"repeatCell": {"range": place(0, 1, 0, 9), "cell": {}, "fields": "note"}},
        {"repeatCell": {"range": place(3, 3, 0, 1), "cell": {}, "fields": "note"}},
        {"deleteDimension": {"range": lines("ROWS", 19, 21)}},
        {"deleteDimension": {"range": lines("ROWS", 0, 20)}},
        {"insertDimension": {"range": lines("ROWS", 0, 1), "inheritFromBefore": True}},
        {"appendDimension": {"dimension": "ROWS", "length": 0}},
        {"appendDimension": {"dimension": "ROWS", "length": 1_250_000}},
        {"deleteSheet": {"sheetId": 0}},
        {"addSheet": {"properties": {"title": "kpis"}}},
        {"addSheet": {"properties": {"sheetId": 0, "gridProperties": {"rowCount": 2, "columnCount": 5_000_000}}}},
        {"updateSheetProperties": {"properties": {"hidden": True}, "fields": "hidden"}},
        {"updateSheetProperties": {"properties": {"sheetId": 5, "title": "x"}, "fields": "title"}},
        {"updateCells": {"start": {}, "fields": "userEnteredValue", "rows": cells(["x" * 50_001])}},
        name("A1", place(0, 1, 0, 1)),
        name("two words", place(0, 1, 0, 1)),
        name("beyond", place(19, 21, 0, 1)),
        {"updateNamedRange": {"namedRange": {"namedRangeId": "7", "name": "b"}, "fields": "name"}},
        {"deleteProtectedRange": {"protectedRangeId": 7}},
        {"deleteConditionalFormatRule": {"index": 0}},
        {"updateChartSpec": {"chartId": 7, "spec": {"title": "x"}}},
        {"deleteEmbeddedObject": {"objectId": 7}},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused(emulator, request_):
    kind = next(iter(request_))
    assert refused(emulator, request_).startswith(f"Invalid requests[0].{kind}: ")
    assert emulator.mistakes == []


def test_a_cell_takes_50000_characters(emulator):
    batch(emulator, {"updateCells": {"start": {}, "fields": "userEnteredValue", "rows": cells(["x" * 50_000])}})
    assert values(emulator) == [["x" * 50_000]]
