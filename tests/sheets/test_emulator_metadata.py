"""Developer metadata: ids are unique, and a filter selects by all that it names."""

from __future__ import annotations

import json

import pytest

from kpicore.testing.sheets import Emulator
from tests.sheets.asked import ask, batch, cells, lines, mark, marks, refused, unmark

ROW, COLUMN = {"dimensionRange": lines("ROWS", 2, 3)}, {"dimensionRange": lines("COLUMNS", 1, 2)}


@pytest.fixture
def marked(emulator) -> Emulator:
    """Give an emulator with metadata on row 2, row 5, column 1, the tab and the spreadsheet: ids 1 to 5."""
    batch(emulator, mark(1, "ROWS", 2), mark(2, "ROWS", 5), mark(3, "COLUMNS", 1))
    for id, where in ((4, {"sheetId": 0}), (5, {"spreadsheet": True})):
        item = {"metadataId": id, "metadataKey": "state", "metadataValue": "v", "visibility": "PROJECT"}
        batch(emulator, {"createDeveloperMetadata": {"developerMetadata": {**item, "location": where}}})
    return emulator


def selected(emulator: Emulator, **lookup: object) -> list[int]:
    filters = {"dataFilters": [{"developerMetadataLookup": lookup}]}
    status, answer = ask(emulator, "POST", "/developerMetadata:search", filters)
    assert status == 200, answer
    return [item["developerMetadata"]["metadataId"] for item in answer.get("matchedDeveloperMetadata", ())]


@pytest.mark.parametrize(
    ("lookup", "ids"),
    [
        ({"metadataId": 2}, [2]),
        ({"metadataKey": "mark"}, [1, 2, 3]),
        ({"metadataValue": "v"}, [4, 5]),
        ({"metadataKey": "mark", "metadataId": 4}, []),
        ({"visibility": "PROJECT", "locationType": "SHEET"}, [4]),
        ({"locationType": "ROW"}, [1, 2]),
        ({"metadataLocation": ROW}, [1, 3, 4]),
        ({"metadataLocation": COLUMN}, [1, 2, 3, 4]),
        ({"metadataLocation": {"sheetId": 0}}, [1, 2, 3, 4]),
        ({"metadataLocation": {"spreadsheet": True}}, [5]),
        ({"metadataLocation": ROW, "locationMatchingStrategy": "INTERSECTING_LOCATION"}, [1, 3, 4]),
        ({"metadataLocation": ROW, "locationMatchingStrategy": "EXACT_LOCATION"}, [1]),
        ({"metadataId": 2, "metadataLocation": ROW, "locationMatchingStrategy": "EXACT_LOCATION"}, []),
        ({"metadataLocation": {"sheetId": 0}, "locationMatchingStrategy": "EXACT_LOCATION"}, [4]),
        ({"metadataLocation": {"spreadsheet": True}, "locationMatchingStrategy": "EXACT_LOCATION"}, [5]),
    ],
    ids=str,
)
def test_a_lookup_selects_what_agrees_in_all(marked, lookup, ids):
    assert selected(marked, **lookup) == ids


@pytest.mark.parametrize(
    "lookup",
    [
        {"locationMatchingStrategy": "EXACT_LOCATION"},
        {"metadataLocation": ROW, "locationMatchingStrategy": "EXACT_LOCATION", "locationType": "ROW"},
        {"metadataLocation": ROW, "locationType": "SPREADSHEET"},
    ],
    ids=str,
)
def test_a_lookup_that_contradicts_itself_is_refused(marked, lookup):
    refused(marked, {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}})


def test_a_second_one_with_the_same_id_is_refused(marked):
    message = "Invalid requests[0].createDeveloperMetadata: Cannot add developer metadata with id 1: it already exists."
    assert refused(marked, mark(1, "COLUMNS", 7)) == message


@pytest.mark.parametrize(
    "where",
    [
        {},
        {"sheetId": 0, "spreadsheet": True},
        {"sheetId": 9},
        {"dimensionRange": lines("ROWS", 2, 4)},
        {"dimensionRange": lines("ROWS", 20, 21)},
        {"dimensionRange": lines("COLUMNS", 8, 9)},
    ],
    ids=str,
)
def test_a_place_that_is_none_is_refused(emulator, where):
    given = {"metadataKey": "k", "visibility": "DOCUMENT", "location": where}
    refused(emulator, {"createDeveloperMetadata": {"developerMetadata": given}})


def test_key_and_visibility_have_to_be_given(emulator):
    refused(emulator, {"createDeveloperMetadata": {"developerMetadata": {"metadataKey": "k", "location": ROW}}})
    refused(emulator, {"createDeveloperMetadata": {"developerMetadata": {"visibility": "DOCUMENT", "location": ROW}}})


def test_the_reply_tells_what_was_deleted(marked):
    (reply,) = batch(marked, unmark(2, "ROWS", 5))
    (gone,) = reply["deleteDeveloperMetadata"]["deletedDeveloperMetadata"]
    assert (gone["metadataId"], gone["location"]["locationType"]) == (2, "ROW")
    assert marks(marked) == {1: ("ROWS", 2), 3: ("COLUMNS", 1)}


def test_a_deletion_that_selects_none_does_nothing(marked):
    assert batch(marked, unmark(2, "ROWS", 6)) == [{"deleteDeveloperMetadata": {}}]


def test_a_deletion_that_selects_none_can_be_refused_too():
    strict = Emulator(strict_deletes=True)
    strict.add("x")
    assert "No developer metadata matches" in refused(strict, unmark(2, "ROWS", 6))


def test_metadata_can_be_changed(marked):
    by = [{"developerMetadataLookup": {"metadataId": 5}}]
    given = {"developerMetadata": {"metadataValue": "new"}, "dataFilters": by, "fields": "metadataValue"}
    (reply,) = batch(marked, {"updateDeveloperMetadata": given})
    assert reply["updateDeveloperMetadata"]["developerMetadata"][0]["metadataValue"] == "new"
    assert ask(marked, "GET", "/developerMetadata/5")[1]["metadataValue"] == "new"
    assert ask(marked, "GET", "/developerMetadata/6")[0] == 404


def test_an_id_is_given_when_none_is_chosen():
    emulator = Emulator(ids=iter([11, 12]))
    emulator.add("x")
    item = {"metadataKey": "k", "visibility": "DOCUMENT", "location": ROW}
    replies = batch(emulator, *[{"createDeveloperMetadata": {"developerMetadata": item}}] * 2)
    assert [json.dumps(reply).count('"metadataId": 1') for reply in replies] == [1, 1]
    assert selected(emulator, metadataKey="k") == [11, 12]


def test_a_tab_holds_30000_characters_of_metadata_and_the_spreadsheet_as_many(emulator):
    def long(where: dict[str, object], characters: int) -> dict[str, object]:
        item = {
            "metadataKey": "k",
            "metadataValue": "v" * (characters - 1),
            "visibility": "DOCUMENT",
            "location": where,
        }
        return {"createDeveloperMetadata": {"developerMetadata": item}}

    batch(emulator, long(ROW, 20_000), long({"sheetId": 0}, 10_000), long({"spreadsheet": True}, 30_000))
    assert "30000 characters" in refused(emulator, long(COLUMN, 2))
    assert "30000 characters" in refused(emulator, long({"spreadsheet": True}, 2))


def test_cells_can_be_read_by_the_metadata_of_their_row(marked):
    write = {"updateCells": {"start": {"rowIndex": 2}, "fields": "userEnteredValue", "rows": cells(["a", 1])}}
    batch(marked, write)
    filters = {"dataFilters": [{"developerMetadataLookup": {"metadataId": 1}}]}
    fields = "sheets.data(startRow,rowData.values.userEnteredValue)"
    _, answer = ask(marked, "POST", f":getByDataFilter?fields={fields}", filters)
    row = [{"userEnteredValue": {"stringValue": "a"}}, {"userEnteredValue": {"numberValue": 1}}]
    assert answer == {"sheets": [{"data": [{"startRow": 2, "rowData": [{"values": row}]}]}]}
