"""What `get` tells: only what the mask names, and cells only of the ranges that are asked for."""

from __future__ import annotations

import pytest

from tests.sheets.asked import ask, batch, cells, lines, mark, name, place, read

FILL = {"updateCells": {"start": {"rowIndex": 1, "columnIndex": 1}, "fields": "*", "rows": cells(["a", None, 1.5])}}


def test_a_mask_without_cells_gives_none(emulator):
    batch(emulator, FILL, name("table", place(1, 2, 1, 4), "7"))
    assert read(emulator, "namedRanges.name,sheets(properties(title,index),merges)") == {
        "namedRanges": [{"name": "table"}],
        "sheets": [{"properties": {"title": "KPIs", "index": 0}}],
    }


def test_cells_of_a_range_come_without_empty_ones_at_the_ends(emulator):
    batch(emulator, FILL)
    answer = read(emulator, "sheets.data(startRow,startColumn,rowData.values.userEnteredValue)", "KPIs!B1:H5")
    row = [{"userEnteredValue": {"stringValue": "a"}}, {}, {"userEnteredValue": {"numberValue": 1.5}}]
    assert answer == {"sheets": [{"data": [{"startColumn": 1, "rowData": [{}, {"values": row}]}]}]}


def test_each_range_has_cells_of_its_own_and_other_tabs_are_left_out(emulator):
    batch(emulator, FILL, {"addSheet": {"properties": {"title": "Other"}}})
    (tab,) = read(emulator, "sheets(properties.title,data)", "KPIs!A1:B2", "KPIs!D2")["sheets"]
    assert [(part.get("startRow", 0), part.get("startColumn", 0)) for part in tab["data"]] == [(0, 0), (1, 3)]
    assert len(read(emulator, "sheets.properties.title")["sheets"]) == 2


def test_a_number_is_told_as_entered_as_effective_and_as_shown(emulator):
    form = {"numberFormat": {"type": "PERCENT", "pattern": "0.0%"}}
    cell = {"userEnteredValue": {"numberValue": 0.125}, "userEnteredFormat": form, "note": "n"}
    batch(emulator, {"repeatCell": {"range": place(0, 1, 0, 1), "cell": cell, "fields": "*"}})
    fields = "sheets.data.rowData.values(effectiveValue,formattedValue,note,userEnteredFormat,effectiveFormat.padding)"
    (given,) = read(emulator, fields, "KPIs!A1")["sheets"][0]["data"][0]["rowData"][0]["values"]
    assert given == {
        "effectiveValue": {"numberValue": 0.125},
        "formattedValue": "12.5%",
        "note": "n",
        "userEnteredFormat": form,
        "effectiveFormat": {"padding": {"top": 2, "right": 3, "bottom": 2, "left": 3}},
    }


def test_marks_are_told_with_their_rows_and_columns(emulator):
    batch(emulator, mark(1, "ROWS", 2), mark(2, "COLUMNS", 1))
    fields = "sheets.data(rowMetadata.developerMetadata.metadataId,columnMetadata.developerMetadata.metadataId)"
    (data,) = read(emulator, fields, "KPIs!A2:B4")["sheets"][0]["data"]
    assert data["rowMetadata"] == [{}, {"developerMetadata": [{"metadataId": 1}]}, {}]
    assert data["columnMetadata"] == [{}, {"developerMetadata": [{"metadataId": 2}]}]


def test_metadata_of_the_spreadsheet_and_of_a_tab_stand_there(emulator):
    kept = {"metadataKey": "state", "visibility": "DOCUMENT"}
    for id, where in ((1, {"spreadsheet": True}), (2, {"sheetId": 0})):
        given = {"metadataId": id, "location": where, **kept}
        batch(emulator, {"createDeveloperMetadata": {"developerMetadata": given}})
    answer = read(emulator, "developerMetadata(metadataId,location),sheets.developerMetadata(metadataId,location)")
    assert answer["developerMetadata"] == [
        {"metadataId": 1, "location": {"locationType": "SPREADSHEET", "spreadsheet": True}}
    ]
    assert answer["sheets"][0]["developerMetadata"] == [
        {"metadataId": 2, "location": {"locationType": "SHEET", "sheetId": 0}}
    ]


def test_a_whole_spreadsheet_with_its_cells_is_as_google_describes_it(emulator):
    batch(emulator, FILL, mark(1, "ROWS", 2), {"deleteDimension": {"range": lines("ROWS", 4, 20)}})
    status, answer = ask(emulator, "GET", "?includeGridData=true")
    assert (status, len(answer["sheets"][0]["data"][0]["rowMetadata"])) == (200, 4)


@pytest.mark.parametrize("range_", ["Gone!A1", "gone", "KPIs!A21", "KPIs!A1:I1", "KPIs!nonsense", "KPIs!A0", "A1:B0"])
def test_a_range_that_is_not_there_is_refused(emulator, range_):
    status, answer = ask(emulator, "GET", f"?fields=sheets.data&ranges={range_}")
    assert (status, answer["error"]["status"]) == (400, "INVALID_ARGUMENT")


@pytest.mark.parametrize("fields", ["sheets(", "sheets)", "a,,b", "sheets..data"])
def test_a_mask_that_cannot_be_read_is_refused(emulator, fields):
    assert ask(emulator, "GET", f"?fields={fields}")[0] == 400


def test_a_named_range_can_be_read_by_its_name(emulator):
    batch(emulator, FILL, name("table", place(1, 2, 1, 4)))
    assert ask(emulator, "GET", "/values/table")[1]["range"] == "KPIs!B2:D2"


def test_an_address_that_google_does_not_know_parameters_of_is_refused(emulator):
    assert ask(emulator, "GET", "?include=all")[0] == 400
    assert "include" in emulator.mistakes[0]


def test_what_is_not_shared_and_what_is_not_there_are_told_apart(emulator):
    emulator.add("private", shared=False)
    assert emulator.handle("GET", "/v4/spreadsheets/private", {}, b"")[0] == 403
    assert emulator.handle("GET", "/v4/spreadsheets/nowhere", {}, b"")[0] == 404


def test_who_may_only_read_may_not_write(emulator):
    emulator.add("readable", shared="reader")
    assert emulator.handle("GET", "/v4/spreadsheets/readable", {}, b"")[0] == 200
    assert emulator.handle("POST", "/v4/spreadsheets/readable:batchUpdate", {}, b'{"requests": []}')[0] == 403
