"""Values as lists of lists: raw or as typed, and shown as Google shows them."""

from __future__ import annotations

import pytest

from tests.sheets.asked import ask, batch, place, read, values


def put(emulator, range_: str, rows: list[list[object]], option: str = "RAW") -> tuple[int, dict[str, object]]:
    data = [{"range": range_, "values": rows}]
    return ask(emulator, "POST", "/values:batchUpdate", {"valueInputOption": option, "data": data})


def test_raw_text_is_never_a_formula_or_a_number(emulator):
    put(emulator, "KPIs!A1", [["=1+1", "12", "2020-01-01", 3, True, ""]])
    assert values(emulator) == [["=1+1", "12", "2020-01-01", 3, True]]


def test_typed_text_is_what_it_looks_like(emulator):
    put(emulator, "KPIs!A1", [["=1+1", "12", "2020-01-01", "50%", "true", "'5", "word"]], "USER_ENTERED")
    assert values(emulator) == [[2, 12, 43831, 0.5, True, "5", "word"]]
    assert values(emulator, valueRenderOption="FORMULA")[0][0] == "=1+1"
    assert values(emulator, valueRenderOption="FORMATTED_VALUE") == [
        ["2", "12", "2020-01-01", "50.00%", "TRUE", "5", "word"]
    ]


def test_a_formula_that_is_not_computed_has_no_value(emulator):
    put(emulator, "KPIs!A1", [["=SUM(B1:B9)", "=B1", 7]], "USER_ENTERED")
    put(emulator, "KPIs!B1", [[5]])
    assert values(emulator) == [["", 5, 7]]
    (row,) = read(emulator, "sheets.data.rowData.values(userEnteredValue,effectiveValue)")["sheets"][0]["data"][0][
        "rowData"
    ]
    assert row["values"][0] == {"userEnteredValue": {"formulaValue": "=SUM(B1:B9)"}}


def test_nothing_in_a_list_leaves_a_cell_and_an_empty_text_clears_it(emulator):
    put(emulator, "KPIs!A1:C1", [[1, 2, 3]])
    put(emulator, "KPIs!A1:C1", [[None, "", 9]])
    assert values(emulator) == [[1, "", 9]]


@pytest.mark.parametrize(
    ("range_", "rows"),
    [
        ("KPIs!A1:B1", [[1, 2, 3]]),
        ("KPIs!A1:B1", [[1], [2]]),
        ("KPIs!H20", [[1, 2]]),
        ("KPIs!A21", [[1]]),
        ("Gone!A1", [[1]]),
        ("KPIs!A1", [["x" * 50_001]]),
        ("KPIs!A1", [[{"a": 1}]]),
    ],
    ids=str,
)
def test_values_that_do_not_fit_are_refused_and_nothing_is_written(emulator, range_, rows):
    put(emulator, "KPIs!A1", [["old"]])
    data = [{"range": "KPIs!A1", "values": [["new"]]}, {"range": range_, "values": rows}]
    status, _ = ask(emulator, "POST", "/values:batchUpdate", {"valueInputOption": "RAW", "data": data})
    assert (status, values(emulator)) == (400, [["old"]])


def test_how_values_are_meant_has_to_be_said(emulator):
    data = {"data": [{"range": "KPIs!A1", "values": [[1]]}]}
    assert ask(emulator, "POST", "/values:batchUpdate", data)[0] == 400


def test_rows_are_appended_below_the_table_and_the_grid_grows(emulator):
    put(emulator, "KPIs!B2", [["a", "b"], ["c", "d"]])
    path = "/values/KPIs!B2:append?valueInputOption=RAW"
    _, answer = ask(emulator, "POST", path, {"values": [["e"]]})
    assert (answer["tableRange"], answer["updates"]["updatedRange"]) == ("KPIs!B2:C3", "KPIs!B4")
    ask(emulator, "POST", path, {"values": [[number] for number in range(30)]})
    assert values(emulator, "KPIs!B34") == [[29]]


def test_columns_can_be_written_and_read(emulator):
    body = {"values": [[1, 2], [3]], "majorDimension": "COLUMNS"}
    ask(emulator, "PUT", "/values/KPIs!A1?valueInputOption=RAW", body)
    assert values(emulator) == [[1, 3], [2]]
    assert values(emulator, majorDimension="COLUMNS") == [[1, 2], [3]]


def test_cleared_cells_keep_format_and_note(emulator):
    cell = {"userEnteredValue": {"numberValue": 1}, "note": "n"}
    batch(emulator, {"repeatCell": {"range": place(0, 2, 0, 1), "cell": cell, "fields": "*"}})
    _, answer = ask(emulator, "POST", "/values/KPIs!A1:clear", {})
    assert answer["clearedRange"] == "KPIs!A1"
    (data,) = read(emulator, "sheets.data.rowData.values(userEnteredValue,note)", "KPIs!A1")["sheets"][0]["data"]
    assert data["rowData"] == [{"values": [{"note": "n"}]}]


def test_the_values_that_were_written_can_be_asked_back(emulator):
    data = {"valueInputOption": "USER_ENTERED", "includeValuesInResponse": True}
    data |= {"data": [{"range": "KPIs!A1", "values": [["=2*3"]]}]}
    _, answer = ask(emulator, "POST", "/values:batchUpdate", data)
    assert answer["responses"][0]["updatedData"]["values"] == [["6"]]
