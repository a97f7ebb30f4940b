"""The answers that the sync keeps for formulas, under the keys that the script makes."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpicore import CellCall, CellFailure, cell_to_json
from kpicore_sheets.script import answer_rows
from kpicore_sheets.script.keys import call_key, js_number
from kpicore_sheets.script.sheet_cells import cell_value
from tests.sheets.script.google import answers_tab

VALUES = {
    (1, 1): "2025-Q1",
    (1, 2): date(2025, 1, 14),
    (2, 1): "2025-01",
    (3, 1): "2025-02",
    (4, 1): None,
    (5, 1): CellFailure("#N/A"),
    (1, 3): "Ann Lee [u1]",
    (1, 4): "Pat Gone [u9]",
}


def value_at(tab, row, column):
    if tab != "KPIs":
        raise LookupError(tab)
    return VALUES.get((row, column))


def answers(cells, *formulas, **named):
    rows = answer_rows([("KPIs", 9, 9, formula) for formula in formulas], value_at, cells, **named).rows
    return {key: json.loads(result) for key, result in rows}


def test_each_different_call_has_its_answer_under_its_key(cells):
    formulas = ['=KPI_WON_DEALS($A$1;"rep";C1)', '=IFERROR(KPI_WON_DEALS(A1,"rep",$C$1),"-")', "=KPI_WON_DEALS(2025)"]
    assert answers(cells, *formulas) == {
        '["KPI_WON_DEALS",["2025-Q1","rep","Ann Lee [u1]"]]': 2,
        '["KPI_WON_DEALS",[2025]]': 7,
    }


def test_the_stamp_is_no_argument_wherever_it_stands(cells):
    one = {'["KPI_WON_DEALS",[2025]]': 7}
    assert answers(cells, "=KPI_WON_DEALS(2025,KPI_STAMP)", "=KPI_WON_DEALS(kpi_stamp;2025)") == one


def test_dates_tables_and_errors_are_answers_as_the_server_gives_them(cells):
    found = answers(cells, "=KPI_ASOF()", "=KPI_WON_DEALS(1999)", '=KPI_WON_DEALS(B1,"grain","month")')
    assert found == {
        '["KPI_ASOF",[]]': {"date": "2025-07-15T12:00:00"},
        '["KPI_WON_DEALS",[1999]]': {
            "error": "#N/A",
            "message": "no data: opportunity was loaded for 2025-01-01 to 2025-06-30",
        },
        '["KPI_WON_DEALS",[{"date":"2025-01-14"},"grain","month"]]': pytest.approx(
            cells.answer([CellCall("KPI_WON_DEALS", ("2025-01",))]).results[0]
        ),
    }


def test_a_call_within_a_call_and_the_one_around_it_are_answered(cells):
    assert list(answers(cells, '=KPI_WON_DEALS(KPI_PERIOD(B1,"month"),KPI_STAMP)')) == [
        '["KPI_PERIOD",[{"date":"2025-01-14"},"month"]]',
        '["KPI_WON_DEALS",["2025-01"]]',
    ]


def test_a_range_of_periods_is_a_call_for_each_that_is_filled_and_no_error(cells):
    assert list(answers(cells, "=KPI_WON_DEALS(A1:A5)")) == [
        '["KPI_WON_DEALS",["2025-Q1"]]',
        '["KPI_WON_DEALS",["2025-01"]]',
        '["KPI_WON_DEALS",["2025-02"]]',
    ]


def test_calculators_errors_and_what_is_no_function_are_left_out(cells):
    assert (
        answers(cells, "=KPI_CAC_CALC(1,2)", "=KPI_WON_DEALS(A5)", "=KPI_NO_SUCH(1)", "=KPI_WON_DEALS(Gone!A1)") == {}
    )


def test_named_ranges_are_read_where_they_are_known(cells):
    known = {"Reps": (("Ann Lee [u1]",), ("Ann Lee [u3]",))}
    assert answers(cells, '=KPI_WON_DEALS(A1,"rep",Reps)', value_of_name=known.__getitem__) == {
        '["KPI_WON_DEALS",["2025-Q1","rep",[["Ann Lee [u1]"],["Ann Lee [u3]"]]]]': 3
    }
    assert answers(cells, '=KPI_WON_DEALS(A1,"rep",Reps)') == {}


def test_a_formula_with_a_decimal_comma_is_read_in_both_ways(cells):
    assert set(answers(cells, "=KPI_WON_DEALS(2025,5;KPI_STAMP)")) == {
        '["KPI_WON_DEALS",[2025,5]]',
        '["KPI_WON_DEALS",[2025.5]]',
    }


def test_what_is_longer_than_a_cell_holds_is_left_to_the_server(cells):
    table = '=KPI_TABLE("won_deals,lost_deals,win_rate","2025","day","rep","channel","region")'
    long = f'=KPI_WON_DEALS(2025,"rep","{"x" * 50_000}")'
    assert answers(cells, long, "=KPI_WON_DEALS(2025)") == {'["KPI_WON_DEALS",[2025]]': 7}
    assert all(len(json.dumps(result)) <= 50_000 for result in answers(cells, table).values())


def test_the_tab_tells_the_stamp_and_the_time_of_the_data(cells):
    tab = answer_rows([("KPIs", 1, 1, "=KPI_WON_DEALS(2025)")], value_at, cells)
    assert (tab.stamp, tab.data_time) == (f"kpi {cells.stamp()}", datetime(2025, 7, 15, 12, 0, tzinfo=UTC))
    nothing = answer_rows([], value_at, cells)
    assert (nothing.stamp, nothing.data_time, nothing.rows) == (tab.stamp, tab.data_time, ())


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0"), (-0.0, "0"), (2026.0, "2026"), (-1.5, "-1.5"), (1e-6, "0.000001"), (1.25e-7, "1.25e-7"),
        (123456789012345680000.0, "123456789012345680000"), (1e21, "1e+21"), (-1.5e300, "-1.5e+300"),
        (5e-324, "5e-324"), (0.1 + 0.2, "0.30000000000000004"), (1e16, "10000000000000000"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_javascript_does(number, text):
    assert js_number(number) == text


SCALARS = st.one_of(
    st.text(st.characters(), max_size=20),
    st.sampled_from(["", 'say "hi"', "a\\b", "\u2028\x7f\x00\t\n", "🙂", "\ud83d", "é", "2026-Q3"]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(2**53), 2**53),
    st.booleans(),
    st.dates(date(1900, 1, 1), date(2999, 12, 31)),
    st.datetimes(datetime(1900, 1, 1), datetime(2999, 12, 31)).map(lambda moment: moment.replace(microsecond=0)),
)
RANGES = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.tuples(*[SCALARS] * width), min_size=2, max_size=3).map(tuple)
)
CALLS = st.lists(st.lists(st.one_of(SCALARS, RANGES), max_size=4).map(tuple), min_size=20, max_size=60)


@given(calls=CALLS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_script_finds_every_key_that_python_made(sheet_in_utc, calls):
    places = {call_key("KPI_TABLE", values): place for place, values in enumerate(calls)}
    rows = [[key, str(place)] for key, place in places.items()]
    sheet_in_utc.set(cache={})  # all that one example leaves behind
    sheet_in_utc.fill([[""]], _kpi=answers_tab(*rows))
    asked = [["KPI_TABLE", [cell_to_json(value) for value in values]] for values in calls]
    done = sheet_in_utc.do("calls", calls=asked)
    assert done["fetches"] == 0
    assert [result["value"] for result in done["results"]] == [
        places[call_key("KPI_TABLE", values)] for values in calls
    ]


@pytest.fixture
def sheet_in_utc(sheet):
    """Give a spreadsheet where no hour of the year is left out."""
    sheet.set(zone="UTC")
    return sheet


def cell(kind="", **value):
    return {"effectiveValue": value, "effectiveFormat": {"numberFormat": {"type": kind}}}


def test_cells_of_the_api_have_the_values_that_formulas_see():
    assert cell_value({}) is None
    assert cell_value(cell(stringValue="Ann")) == "Ann"
    assert cell_value(cell(boolValue=False)) is False
    assert cell_value(cell(numberValue=46_095)) == 46_095.0
    assert cell_value(cell("PERCENT", numberValue=0.5)) == 0.5
    assert cell_value(cell("DATE", numberValue=46_095)) == date(2026, 3, 14)
    assert cell_value(cell("DATE_TIME", numberValue=46_095.395833333)) == datetime(2026, 3, 14, 9, 30)
    assert cell_value(cell(errorValue={"type": "DIVIDE_BY_ZERO"})) == CellFailure("#DIV/0!")
    assert cell_value(cell(errorValue={"type": "ERROR"})) == CellFailure("#VALUE!")


@pytest.mark.parametrize("unknown", [cell(errorValue={"type": "LOADING"}), cell("DATE", numberValue=1e12)])
def test_a_cell_that_nobody_knows_yet_is_none_that_is_known(unknown):
    with pytest.raises(LookupError):
        cell_value(unknown)
