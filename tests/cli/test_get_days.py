"""The days of numbers: what they are compared with, weeks of a year, parts of one."""

import pytest


def test_every_comparison_names_its_days(run, run_json):
    printed = run("get", "total_sales", "-p", "2025-04..2025-06", "--compare", "previous").stdout
    assert "Compared with 2025-Q1 (2025-01-01..2025-03-31)." in printed
    (found,) = run_json("get", "total_sales", "-p", "2025-04..2025-06", "--compare", "previous")
    assert [found[each] for each in ("period", "first_day", "last_day")] == ["2025-Q2", "2025-04-01", "2025-06-30"]
    assert (found["compared_first_day"], found["compared_last_day"]) == ("2025-01-01", "2025-03-31")
    rows = run("get", "total_sales", "-p", "2025-Q2", "--compare", "year", "--csv").stdout.splitlines()
    assert "compared_period,compared_first_day,compared_last_day" in rows[0]
    assert "2024-Q2,2024-04-01,2024-06-30" in rows[1]


def test_a_kpi_that_looks_back_names_the_days_too(run, run_json):
    printed = run("get", "monthly_sales_growth", "-p", "2025-03").stdout
    assert "monthly_sales_growth.absolute: before is of 2025-02 (2025-02-01..2025-02-28)." in printed
    (found,) = run_json("get", "monthly_sales_growth", "-p", "2025-03-01..2025-03-31")
    assert found["earlier_periods"] == {
        "before": {"period": "2025-02", "first_day": "2025-02-01", "last_day": "2025-02-28"}
    }


def test_the_weeks_of_years_are_those_of_their_keys_and_the_answer_says_their_days(run, run_json):
    found = run_json("get", "total_sales", "-p", "2024..2026", "--grain", "week")
    assert [found[at]["period"] for at in (0, -1)] == ["2024-W01", "2026-W53"]
    assert (found[0]["first_day"], found[-1]["last_day"], len(found)) == ("2024-01-01", "2027-01-03", 157)
    assert sum(each["value"] or 0 for each in found) == 2220
    printed = run("get", "total_sales", "-p", "2025", "--grain", "week").stdout
    assert "The weeks cover 2024-12-30 to 2025-12-28." in printed
    weeks = run_json("get", "won_deals", "-p", "2025-Q1", "--grain", "week")
    assert [weeks[at]["period"] for at in (0, -1)] == ["2025-W02", "2025-W14"]


def test_purchases_a_year_are_told_in_twelfths_of_it(run_json):
    # the same buying in quarters of 90 and of 92 days; numbers of the tiny company's Q1 and Q2: 3 orders of 2, 4 of 3
    quarters = run_json("get", "purchase_frequency", "-p", "2025-H1", "--grain", "quarter")
    assert [quarter["value"] for quarter in quarters] == [pytest.approx(3 / 2 * 4), pytest.approx(4 / 3 * 4)]


def test_what_is_asked_as_of_a_day_is_headed_and_dated_by_that_day(run):
    printed = run("get", "total_sales", "-p", "last month", "--as-of", "2025-03-10").stdout
    assert "last month = 2025-02 · as of 2025-03-10" in printed
    assert "Data of 2025-03-10 23:59" in printed
    ranked = run("get", "total_sales", "-p", "2025-02", "--as-of", "2025-03-10", "--by", "rep", "--rank").stdout
    assert "Data of 2025-03-10 23:59" in ranked
