"""What a cell shows for a KPI: the number of the tiny company, or the native error with the reason."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from kpicore import CellCall, CellFailure


def refused(result, code="#VALUE!"):
    assert isinstance(result, CellFailure), result
    assert result.code == code
    return result.message


def test_a_kpi_of_a_period_is_one_number(cell):
    assert cell("KPI_WIN_RATE", "2025-Q1") == pytest.approx(4 / 6)


def test_the_name_ignores_case_and_may_have_a_dot(cell):
    assert cell("kpi_won_deals", "2025-Q1") == cell("KPI.WON_DEALS", "2025-Q1") == 4


def test_pairs_cut_and_their_order_is_free(cell):
    assert cell("KPI_WON_DEALS", "2025-Q1", "rep", "u1", "channel", "phone") == 1
    assert cell("KPI_WON_DEALS", "2025-Q1", "Channel", " PHONE ", "rep", "u1") == 1


def test_a_range_of_values_means_any_of_them_and_its_empty_cells_are_none(cell):
    assert cell("KPI_WON_DEALS", "2025-Q1", "channel", (("phone",), ("web",), (None,), ("",))) == 4
    assert cell("KPI_WON_DEALS", "2025-Q1", "channel", (("phone", None),)) == 2


def test_kpi_takes_the_id_and_variant_as_text(cell):
    assert cell("KPI", "win_rate.created", "2025-Q1") == pytest.approx(5 / 8)
    assert cell("KPI_WIN_RATE", "2025-Q1", "variant", "created") == pytest.approx(5 / 8)
    assert cell("KPI", "MQL", "2025-Q1") == cell("KPI_MQL", "2025-Q1") == cell("KPI_MQL_COUNT", "2025-Q1") == 5


@pytest.mark.parametrize("period", [2025, 2025.0, "2025", "FY2025"])
def test_a_number_from_1900_to_2200_is_a_year(cell, period):
    assert cell("KPI_WON_DEALS", period) == 7


@pytest.mark.parametrize("day", [45682, 45682.75, date(2025, 1, 25), datetime(2025, 1, 25, 18), "2025-01-25"])
def test_a_date_is_its_day_and_with_a_grain_the_unit_that_holds_it(cell, day):
    assert cell("KPI_WON_DEALS", day) == 1
    assert cell("KPI_WON_DEALS", day, "grain", "quarter") == 4
    assert cell("KPI_PERIOD", day, "month") == "2025-01"


def test_a_grain_beside_what_is_no_date_is_refused(cell):
    assert "'grain' is for a cell with a date" in refused(cell("KPI_WON_DEALS", "2025", "grain", "month"))
    assert cell("KPI_WON_DEALS", "2025-Q1", "grain", "quarter") == 4


@pytest.mark.parametrize(
    ("period", "why"),
    [
        ("01/02/2025", "ambiguous"),
        ("45682", "number written as text"),
        (5, "neither a year"),
        (True, "is not a period"),
        (None, "is empty"),
        ("", "is empty"),
        ("x" * 300, "is not a period"),
        ("=1+1", "is not a period"),
        ((("2025",), ("2024",)), "range of 2 cells"),
    ],
)
def test_a_bad_period_is_refused_in_one_line(cell, period, why):
    message = refused(cell("KPI_WON_DEALS", period))
    assert why in message and "\n" not in message and len(message) < 250


@pytest.mark.parametrize(
    ("pairs", "why"),
    [
        (("rep",), "'rep' stands alone"),
        (("rep", None), "empty"),
        (("rep", ((None,), ("",))), "empty"),
        (("rep", "Ann Lee"), "2 reps are called"),
        (("rep", "Bob Rai"), "Did you mean 'Bob Ray'"),
        (("channel", "<>web"), "is a condition"),
        (("channel", 5), "not text"),
        (("chanel", "web"), "Did you mean 'channel'"),
        (("varient", "created"), "Did you mean 'variant'"),
        (("channel", "web", "CHANNEL", "phone"), "given twice"),
        (("variant", "closed", "variant", "created"), "given twice"),
        ((7, "web"), "a dimension is text, not 7"),
        ((None, "web"), "an empty cell"),
        (("", "web"), "a dimension is text, not an empty cell."),
        (("compare", "decade"), "cannot compare"),
        (("as_of", "soon"), "is not a period"),
        (("as_of", "2025"), "'as_of' is a day"),
        (("channel", "'; DROP TABLE book.state; --"), "no channel named"),
    ],
)
def test_bad_pairs_are_refused_in_one_line(cell, pairs, why):
    assert why in refused(cell("KPI_WIN_RATE", "2025-Q1", *pairs))


def test_reasons_are_the_native_errors_of_spreadsheets(cell):
    assert "base is 0" in refused(cell("KPI_WIN_RATE", "2025-07-01"), "#DIV/0!")
    assert "loaded for" in refused(cell("KPI_WON_DEALS", "2019"), "#N/A")
    assert "Did you mean 'created'" in refused(cell("KPI", "win_rate.creatd", 2025), "#NAME?")
    assert "no value" in refused(cell("KPI_SALES_CYCLE", "2025-07-01"), "#N/A")


def test_an_unknown_function_is_a_name_error_with_a_proposal(cell):
    assert "Did you mean 'KPI_WIN_RATE'" in refused(cell("KPI_WINRATE", 2025), "#NAME?")


def test_the_first_error_among_the_arguments_is_the_result(cell):
    assert cell("KPI_WON_DEALS", CellFailure("#REF!")) == CellFailure("#REF!")
    assert cell("KPI_WON_DEALS", "2025", "channel", (("web",), (CellFailure("#N/A"),))) == CellFailure("#N/A")


def test_compare_gives_the_change_as_kpi_get_tells_it(cell):
    # total sales: 1,220 in Q2 against 1,000 in Q1; win rate 3/4 against 4/6
    assert cell("KPI_TOTAL_SALES", "2025-Q2", "compare", "previous") == pytest.approx(0.22)
    assert cell("KPI_WIN_RATE", "2025-Q2", "compare", "previous") == pytest.approx(3 / 4 - 4 / 6)
    assert "loaded for" in refused(cell("KPI_TOTAL_SALES", "2025-Q2", "compare", "year"), "#N/A")
    told = refused(cell("KPI_TOTAL_SALES", "2025-03", "compare", "previous", "rep", "Bob Ray"), "#DIV/0!")
    assert told == "no change: 2025-02 (2025-02-01..2025-02-28) was 0"


def test_one_span_is_one_answer_in_cells_too(cell):
    for period in ("2025-Q1", "FY2025-Q1", "2025-01..2025-03", "2025-01-01..2025-03-31", "2025年1季度"):
        assert cell("KPI_TOTAL_SALES", period) == 1000
        assert cell("KPI_TARGET", "total_sales", period) == 1250
        assert cell("KPI_WON_DEALS", period, "grain", "quarter") == 4
    assert cell("KPI_MONTHLY_SALES_GROWTH", "FY2025-M03") == cell("KPI_MONTHLY_SALES_GROWTH", "2025-03") == 100


def test_an_explained_comparison_names_the_days_it_compared_with(cell):
    rows = cell("KPI_EXPLAIN", "total_sales", "2025-04..2025-06", "compare", "previous")
    assert rows[1][:2] == ("Value", 1220)
    assert rows[2] == ("Compared with", 1000, "", "2025-Q1 (2025-01-01..2025-03-31)")
    assert rows[3][:2] == ("Change", pytest.approx(0.22))
    assert "compares nothing" in refused(cell("KPI_TARGET", "total_sales", "2025-Q1", "compare", "previous"))


def test_target_and_attainment_take_the_arguments_of_kpi(cell):
    assert cell("KPI_TARGET", "total_sales", "2025-Q1") == 1250
    assert cell("KPI_ATTAINMENT", "total_sales", "2025-Q1") == pytest.approx(0.8)
    assert cell("KPI_TARGET", "total_sales", "2025-Q1", "rep", "u1") == 400
    assert "no target" in refused(cell("KPI_TARGET", "win_rate", "2025-Q1"), "#N/A")


def test_as_of_takes_a_date_cell(cell):
    assert cell("KPI_PIPELINE_COUNT", "2025-07-15", "as_of", date(2025, 7, 15)) == 2


def test_one_bad_cell_does_not_hurt_the_others(tiny_cells):
    calls = [
        CellCall("KPI_WON_DEALS", ("2025-Q1",)),
        CellCall("KPI_CAC", ("2025-Q1", "rep", "u1")),
        CellCall("KPI_WON_DEALS", ("2025-Q2",)),
        CellCall("KPI_CAC", ("2025-Q1",)),
    ]
    first, bad, second, cac = tiny_cells.answer(calls).results
    assert (first, second, cac) == (4, 3, pytest.approx(1100 / 2))
    assert "'cost'" in refused(bad)


def test_a_name_that_is_unknown_is_refused_in_every_cell_alike(cell):
    first, again = (cell("KPI_WON_DEALS", 2025, "rep", "Bob Rey") for _ in range(2))
    assert first == again
    assert first.message == "no rep named 'Bob Rey'. Did you mean 'Bob Ray'?"
