"""Functions that spill: tables, explanations, the catalogue; and the time of the data."""

from __future__ import annotations

from datetime import datetime

from kpicore import CellFailure


def test_a_table_has_a_header_and_a_row_a_period_and_member(cell):
    assert cell("KPI_TABLE", "won_deals, total_sales", "2025-H1", "quarter", "channel") == (
        ("period", "channel", "won_deals", "total_sales"),
        ("2025-Q1", "phone", 2.0, 400.0),
        ("2025-Q1", "web", 2.0, 600.0),
        ("2025-Q2", "phone", 1.0, 120.0),
        ("2025-Q2", "web", 2.0, 1100.0),
    )


def test_without_grain_and_dimensions_it_is_one_row(cell):
    assert cell("KPI_TABLE", (("won_deals",), ("total_sales",)), "2025-Q1") == (
        ("won_deals", "total_sales"),
        (4.0, 1000.0),
    )


def test_a_value_that_is_not_there_is_an_error_in_its_place(cell):
    header, *rows = cell("KPI_TABLE", "won_deals, win_rate", "2025-H1", "", "rep")
    assert header == ("rep", "won_deals", "win_rate")
    none = next(row for row in rows if row[0] == "(none)")
    assert none[1:] == (1.0, 1.0)
    [(_, value)] = [row for row in cell("KPI_TABLE", "win_rate", "2025-07-01", "day")[1:]]
    assert isinstance(value, CellFailure) and value.code == "#DIV/0!"


def test_a_dimension_in_the_place_of_the_grain_is_told(cell):
    found = cell("KPI_TABLE", "won_deals", "2025", "rep")
    assert found == CellFailure(
        "#VALUE!", '\'rep\' is a dimension, and the third argument is the grain. Write "", "rep".'
    )


def test_a_table_without_kpis_or_too_large_is_refused(cell):
    assert cell("KPI_TABLE", "", "2025").code == "#VALUE!"
    assert cell("KPI_TABLE", "won_deals").code == "#VALUE!"


def test_an_explanation_tells_definition_inputs_and_freshness(cell):
    rows = cell("KPI_EXPLAIN", "win_rate", "2025-Q1")
    assert {len(row) for row in rows} == {4}
    assert rows[0] == ("Win rate", "win_rate.closed", "2025-Q1", "")
    assert ("Formula", "won / base", None, None) in rows
    assert ("won", 4.0, 4, "count of opportunity by closed_on where outcome = 'won'") in rows
    assert rows[-1][:2] == ("Data", datetime(2025, 7, 15, 12))


def test_an_explanation_of_what_cannot_be_asked_tells_why(cell):
    assert cell("KPI_EXPLAIN", "win_rate", "2025-Q9")[0][0] == "No answer"
    assert "cannot be cut by rep" in cell("KPI_EXPLAIN", "cac", "2025-Q1", "rep", "u1")[0][1]


def test_the_catalogue_is_found_in_any_language(cell):
    header, *rows = cell("KPI_LIST", "отток")
    assert header == ("kpi", "name", "unit", "better", "function", "meaning")
    assert "churn_rate" in [row[0] for row in rows]
    assert len(cell("KPI_LIST")) > 84
    assert cell("KPI_LIST", "xyzzy").code == "#NAME?"


def test_the_time_of_the_data_is_a_moment_in_the_organisations_zone(cell):
    assert cell("KPI_ASOF") == datetime(2025, 7, 15, 12)
    assert cell("KPI_ASOF", 1).code == "#VALUE!"
