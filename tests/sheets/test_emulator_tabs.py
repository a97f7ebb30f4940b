"""Tabs and files: made, moved, copied, hidden, colored and shared."""

from __future__ import annotations

import json

from tests.sheets.asked import ask, batch, cells, place, read, refused, values


def titles(emulator) -> list[str]:
    return [tab["properties"]["title"] for tab in read(emulator, "sheets.properties.title")["sheets"]]


def changed(fields: str, **properties: object) -> dict[str, object]:
    return {"updateSheetProperties": {"properties": properties, "fields": fields}}


def test_tabs_are_moved_as_they_stood_before(emulator):
    for title in "BC":
        batch(emulator, {"addSheet": {"properties": {"title": title}}})
    batch(emulator, changed("index", index=2))
    assert titles(emulator) == ["B", "KPIs", "C"]
    batch(emulator, {"addSheet": {"properties": {"title": "D", "index": 1}}})
    assert titles(emulator) == ["B", "D", "KPIs", "C"]


def test_a_tab_without_a_title_is_given_one(emulator):
    replies = batch(emulator, {"addSheet": {}}, {"addSheet": {}})
    assert [reply["addSheet"]["properties"]["title"] for reply in replies] == ["Sheet1", "Sheet2"]


def test_a_copied_tab_has_the_cells_and_is_changed_alone(emulator):
    write = {"updateCells": {"start": {}, "fields": "userEnteredValue", "rows": cells(["a", 1])}}
    copy = {"duplicateSheet": {"sourceSheetId": 0, "newSheetId": 7, "insertSheetIndex": 1}}
    batch(emulator, write, copy, {"repeatCell": {"range": place(0, 1, 0, 1), "cell": {}, "fields": "*"}})
    assert titles(emulator) == ["KPIs", "Copy of KPIs"]
    assert (values(emulator), values(emulator, "'Copy of KPIs'")) == ([["", 1]], [["a", 1]])


def test_a_tab_has_a_color_in_both_of_googles_forms(emulator):
    batch(emulator, changed("tabColorStyle", tabColorStyle={"rgbColor": {"red": 1}}))
    (tab,) = read(emulator, "sheets.properties(tabColor,tabColorStyle)")["sheets"]
    assert tab["properties"] == {"tabColor": {"red": 1}, "tabColorStyle": {"rgbColor": {"red": 1}}}


def test_not_all_rows_can_be_frozen(emulator):
    batch(emulator, changed("gridProperties.frozenRowCount", gridProperties={"frozenRowCount": 19}))
    refused(emulator, changed("gridProperties.frozenRowCount", gridProperties={"frozenRowCount": 20}))


def test_rows_and_columns_have_sizes(emulator):
    width = {"properties": {"pixelSize": 200}, "fields": "pixelSize"}
    where = {"dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}
    batch(emulator, {"updateDimensionProperties": {"range": where, **width}})
    insert = {"insertDimension": {"range": {"dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}}}
    batch(emulator, insert)
    (data,) = read(emulator, "sheets.data.columnMetadata.pixelSize", "KPIs!A1:D1")["sheets"][0]["data"]
    assert [column["pixelSize"] for column in data["columnMetadata"]] == [100, 100, 200, 100]
    fitted = {"dimension": "COLUMNS", "startIndex": 0, "endIndex": 8}
    batch(emulator, {"autoResizeDimensions": {"dimensions": fitted}})
    (data,) = read(emulator, "sheets.data.columnMetadata.pixelSize", "KPIs!C1")["sheets"][0]["data"]
    assert data == {"columnMetadata": [{"pixelSize": 100}]}


def test_a_new_spreadsheet_has_one_tab_and_can_be_shared(emulator):
    body = json.dumps({"properties": {"title": "New"}}).encode()
    status, _, made = emulator.handle("POST", "/v4/spreadsheets", {}, body)
    path = f"/drive/v3/files/{json.loads(made)['spreadsheetId']}"
    assert (status, json.loads(made)["sheets"][0]["properties"]["title"]) == (200, "Sheet1")
    share = json.dumps({"type": "user", "role": "writer", "emailAddress": "somebody@example.com"}).encode()
    assert emulator.handle("POST", f"{path}/permissions", {}, share)[0] == 200
    _, _, shared = emulator.handle("GET", f"{path}/permissions?fields=permissions(role,emailAddress)", {}, b"")
    assert [permission["role"] for permission in json.loads(shared)["permissions"]] == ["owner", "writer"]
    assert emulator.handle("DELETE", path, {}, b"")[0] == 204
    assert emulator.handle("GET", path, {}, b"")[0] == 404


def test_days_and_times_are_shown_by_their_pattern(emulator):
    form = {"numberFormat": {"type": "DATE_TIME", "pattern": "d.m.yy hh:mm:ss"}}
    cell = {"userEnteredValue": {"numberValue": 46024.75}, "userEnteredFormat": form}
    batch(emulator, {"repeatCell": {"range": place(0, 1, 0, 1), "cell": cell, "fields": "*"}})
    assert ask(emulator, "GET", "/values/KPIs!A1")[1]["values"] == [["2.1.26 18:00:00"]]
