"""The formulas of a spreadsheet, and the values around them, out of an answer of the API."""

from __future__ import annotations

import re
from datetime import date

import pytest

from kpicore_sheets.script import FORMULA_FIELDS, SheetFormulas, answer_rows


def text(value):
    return {"effectiveValue": {"stringValue": value}}


def formula(value):
    return {"userEnteredValue": {"formulaValue": value}, "effectiveValue": {"numberValue": 1}}


DAY = {"effectiveValue": {"numberValue": 45_671}, "effectiveFormat": {"numberFormat": {"type": "DATE"}}}  # 2025-01-14
ANSWER = {
    "namedRanges": [
        {"name": "Reps", "range": {"startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 1}},
        {"name": "Quarter", "range": {"sheetId": 7, "endRowIndex": 1, "endColumnIndex": 1}},
        {"name": "Column", "range": {"startColumnIndex": 0, "endColumnIndex": 1}},
        {"name": "Much", "range": {"endRowIndex": 1_001, "endColumnIndex": 1}},
    ],
    "sheets": [
        {
            "properties": {"title": "KPIs"},
            "data": [
                {"rowData": [{"values": [DAY, formula('=KPI_WON_DEALS(Quarter,"rep",Reps)')]}]},
                {
                    "startRow": 1,
                    "rowData": [
                        {"values": [text("Ann Lee [u1]"), formula("=1+1")]},
                        {"values": [text("Cy Day [u3]")]},
                        {},
                        {"values": [{}, formula('=kpi_won_deals(A1;"grain";"month";KPI_STAMP)')]},
                    ],
                },
            ],
        },
        {"properties": {"sheetId": 7, "title": "My tab"}, "data": [{"rowData": [{"values": [text("2025-Q1")]}]}]},
        {"properties": {"sheetId": 8, "title": "_kpi"}, "data": [{"rowData": [{"values": [formula("=KPI_ASOF()")]}]}]},
    ],
}


@pytest.fixture
def read():
    """Give what is read of that answer."""
    return SheetFormulas.of(ANSWER, without="_kpi")


def test_formulas_that_name_a_kpi_are_found_with_their_places(read):
    assert read.formulas == (
        ("KPIs", 1, 2, '=KPI_WON_DEALS(Quarter,"rep",Reps)'),
        ("KPIs", 5, 2, '=kpi_won_deals(A1;"grain";"month";KPI_STAMP)'),
    )


def test_values_are_read_whatever_block_they_stand_in(read):
    assert read.value_at("KPIs", 1, 1) == date(2025, 1, 14)
    assert read.value_at("kpis", 3, 1) == "Cy Day [u3]"
    assert read.value_at("my tab", 1, 1) == "2025-Q1"
    assert [read.value_at("KPIs", *place) for place in ((4, 1), (5, 1), (99, 99))] == [None] * 3


def test_named_ranges_are_their_values(read):
    assert read.value_of_name("reps") == (("Ann Lee [u1]",), ("Cy Day [u3]",))
    assert read.value_of_name("Quarter") == "2025-Q1"


@pytest.mark.parametrize("name", ["Column", "Much", "None of ours"])
def test_a_name_without_an_end_and_one_that_is_not_there_are_not_known(read, name):
    with pytest.raises(LookupError):
        read.value_of_name(name)


def test_a_tab_that_is_not_there_is_not_known(read):
    with pytest.raises(LookupError):
        read.value_at("Gone", 1, 1)


def test_the_calls_of_a_spreadsheet_are_answered_and_laid_out(read, cells):
    tab = answer_rows(read.formulas, read.value_at, cells, value_of_name=read.value_of_name)
    rows = [row.values for row in tab.grid("1AbC").rows]
    assert rows[0] == ("kpi", tab.stamp, "2025-07-15 12:00 UTC")
    assert [row[0] for row in rows[1:]] == [
        '["KPI_WON_DEALS",["2025-Q1","rep",[["Ann Lee [u1]"],["Cy Day [u3]"]]]]',
        '["KPI_WON_DEALS",[{"date":"2025-01-14"},"grain","month"]]',
    ]
    assert {len(row) for row in rows} == {3}


def test_the_fields_are_names_and_brackets_that_match():
    assert FORMULA_FIELDS.count("(") == FORMULA_FIELDS.count(")")
    assert re.fullmatch(r"[A-Za-z.,()]+", FORMULA_FIELDS)
