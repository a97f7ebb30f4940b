"""Conditional formats, charts, protections, filters and tables: made, changed and removed, with replies."""

from __future__ import annotations

from typing import Any

import pytest

from kpicore.testing.sheets import SheetUser
from tests.sheets.asked import batch, cells, name, place, read, refused, values

TABLE = place(0, 3, 0, 2)
WRITE = {"updateCells": {"start": {}, "fields": "userEnteredValue", "rows": cells([1])}}


def rule(value: str) -> dict[str, Any]:
    condition = {"type": "NUMBER_LESS", "values": [{"userEnteredValue": value}]}
    look = {"backgroundColorStyle": {"rgbColor": {"red": 1}}}
    return {"ranges": [TABLE], "booleanRule": {"condition": condition, "format": look}}


def conditions(emulator) -> list[str]:
    rules = read(emulator, "sheets.conditionalFormats")["sheets"][0].get("conditionalFormats", ())
    return [item["booleanRule"]["condition"]["values"][0]["userEnteredValue"] for item in rules]


@pytest.fixture
def user(emulator) -> SheetUser:
    return emulator.user(next(iter(emulator.spreadsheets)))


def test_rules_have_an_order(emulator):
    for index, value in ((0, "1"), (0, "2"), (1, "3")):
        batch(emulator, {"addConditionalFormatRule": {"rule": rule(value), "index": index}})
    assert conditions(emulator) == ["2", "3", "1"]


def test_the_replies_tell_the_rules_that_were_there(emulator):
    batch(
        emulator, {"addConditionalFormatRule": {"rule": rule("1")}}, {"addConditionalFormatRule": {"rule": rule("2")}}
    )
    changed, deleted = batch(
        emulator,
        {"updateConditionalFormatRule": {"index": 1, "rule": rule("9")}},
        {"deleteConditionalFormatRule": {"index": 0}},
    )
    told = changed["updateConditionalFormatRule"]
    assert [told[one]["booleanRule"]["condition"]["values"] for one in ("oldRule", "newRule")] == [
        [{"userEnteredValue": "1"}],
        [{"userEnteredValue": "9"}],
    ]
    gone = deleted["deleteConditionalFormatRule"]["rule"]["booleanRule"]
    assert gone["condition"]["values"] == [{"userEnteredValue": "2"}]
    assert gone["format"]["backgroundColor"] == {"red": 1}


def test_a_rule_can_be_moved(emulator):
    for value in "321":
        batch(emulator, {"addConditionalFormatRule": {"rule": rule(value)}})
    batch(emulator, {"updateConditionalFormatRule": {"sheetId": 0, "index": 0, "newIndex": 2}})
    assert conditions(emulator) == ["2", "3", "1"]


def test_a_rule_of_which_nothing_is_left_is_gone(emulator, user):
    batch(emulator, {"addConditionalFormatRule": {"rule": rule("1")}})
    user.delete_rows("KPIs", 1, 3)
    assert conditions(emulator) == []


def chart(**fields: object) -> dict[str, Any]:
    at = {"overlayPosition": {"anchorCell": {"rowIndex": 5, "columnIndex": 3}}}
    return {"addChart": {"chart": {"chartId": 77, "spec": {"title": "Won", **fields}, "position": at}}}


def charts(emulator) -> list[Any]:
    return read(emulator, "sheets.charts")["sheets"][0].get("charts", [])


def test_a_chart_keeps_what_people_change_in_it(emulator, user):
    batch(emulator, chart(basicChart={"chartType": "LINE"}))
    user.edit_chart(77, title="Ours")
    spec = charts(emulator)[0]["spec"]
    assert (spec["title"], spec["basicChart"], spec["fontName"]) == ("Ours", {"chartType": "LINE"}, "Roboto")
    position = charts(emulator)[0]["position"]["overlayPosition"]
    assert (position["widthPixels"], position["heightPixels"]) == (600, 371)


def test_a_chart_can_be_moved_and_its_id_is_its_own(emulator, user):
    batch(emulator, chart())
    assert "already exists" in refused(emulator, chart())
    new = {"overlayPosition": {"anchorCell": {"rowIndex": 9}}}
    batch(emulator, {"updateEmbeddedObjectPosition": {"objectId": 77, "newPosition": new, "fields": "anchorCell"}})
    assert charts(emulator)[0]["position"]["overlayPosition"]["anchorCell"] == {"rowIndex": 9}
    user.delete_chart(77)
    assert charts(emulator) == []


def test_a_chart_of_cells_beyond_the_grid_is_refused(emulator):
    source = {"sourceRange": {"sources": [place(0, 21, 0, 1)]}}
    refused(emulator, chart(basicChart={"series": [{"series": source}]}))


def test_protected_cells_are_not_written(emulator, user):
    user.protect("KPIs", "A1:B2")
    assert "protected cell" in refused(emulator, WRITE)
    user.type("KPIs", "A1", "mine")
    assert values(emulator) == [["mine"]]
    (protected,) = read(emulator, "sheets.protectedRanges")["sheets"][0]["protectedRanges"]
    assert protected.keys() == {"protectedRangeId", "range"}


def test_a_warning_or_a_permission_lets_pass(emulator, user):
    user.protect("KPIs", "A1:B2", warning_only=True)
    user.protect("KPIs", editors=[emulator.account])
    batch(emulator, WRITE)
    assert values(emulator) == [[1]]


def test_what_is_protected_by_a_named_range_is_protected(emulator):
    given = {"namedRangeId": "7", "description": "d", "warningOnly": True}
    batch(emulator, name("table", TABLE, "7"), {"addProtectedRange": {"protectedRange": given}})
    (protected,) = read(emulator, "sheets.protectedRanges")["sheets"][0]["protectedRanges"]
    assert (protected["range"], protected["description"]) == (TABLE, "d")


def test_a_protection_can_be_moved(emulator):
    given = {"protectedRangeId": 5, "range": TABLE, "warningOnly": True}
    batch(emulator, {"addProtectedRange": {"protectedRange": given}})
    fresh = {"protectedRangeId": 5, "range": place(0, 9, 0, 2)}
    batch(emulator, {"updateProtectedRange": {"protectedRange": fresh, "fields": "range"}})
    (protected,) = read(emulator, "sheets.protectedRanges")["sheets"][0]["protectedRanges"]
    assert (protected["range"], protected["warningOnly"]) == (place(0, 9, 0, 2), True)
    assert "already exists" in refused(emulator, {"addProtectedRange": {"protectedRange": given}})


def test_tables_and_filters_stand_in_the_way(emulator, user):
    user.make_table("KPIs", "A1:B3")
    user.filter("KPIs", "D1:E9")
    (tab,) = read(emulator, "sheets(tables(name,range),basicFilter)")["sheets"]
    assert tab == {"tables": [{"name": "Table1", "range": TABLE}], "basicFilter": {"range": place(0, 9, 3, 5)}}
    refused(emulator, {"addTable": {"table": {"name": "t", "range": place(2, 9, 0, 1)}}})


def test_a_mask_that_google_does_not_know_is_told(emulator):
    repeat = {"range": TABLE, "cell": {"note": "n"}, "fields": "notes"}
    assert "'notes' of CellData" in refused(emulator, {"repeatCell": repeat})
    assert len(emulator.mistakes) == 1


def test_a_chart_stays_where_cells_are_only_shifted(emulator, user):
    batch(emulator, chart(basicChart={"series": [{"series": {"sourceRange": {"sources": [place(6, 8, 3, 4)]}}}]}))
    user.insert_cells("KPIs", "A1:H2")
    (drawn,) = charts(emulator)
    series = drawn["spec"]["basicChart"]["series"]
    assert series[0]["series"]["sourceRange"]["sources"] == [place(8, 10, 3, 4)]
    assert drawn["position"]["overlayPosition"]["anchorCell"] == {"rowIndex": 5, "columnIndex": 3}


def test_filters_colors_and_tables_are_removed(emulator, user):
    user.make_table("KPIs", "A1:B3")
    tables = read(emulator, "sheets.tables.tableId")["sheets"][0]["tables"]
    view = user.do("addFilterView", filter={"title": "v", "range": TABLE})["addFilterView"]["filter"]
    banding = user.do("addBanding", bandedRange={"range": TABLE, "rowProperties": {}})["addBanding"]["bandedRange"]
    batch(
        emulator,
        {"deleteTable": {"tableId": tables[0]["tableId"]}},
        {"deleteFilterView": {"filterId": view["filterViewId"]}},
        {"deleteBanding": {"bandedRangeId": banding["bandedRangeId"]}},
        {"clearBasicFilter": {"sheetId": 0}},
    )
    assert read(emulator, "sheets(tables,filterViews,bandedRanges,basicFilter)") == {"sheets": [{}]}
    refused(emulator, {"deleteTable": {"tableId": "7"}})
