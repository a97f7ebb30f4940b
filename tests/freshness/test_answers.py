"""An answer is of the day of the oldest source that its inputs read."""

from __future__ import annotations

from kpicore import Answer, Workspace
from tests.freshness.shop import at


def answer(shop: Workspace, kpi: str, period: str = "2025-06") -> Answer:
    [only] = shop.get(kpi, period).answers
    return only


def test_what_reads_the_fresh_source_alone_is_of_its_day(shop: Workspace) -> None:
    revenue = answer(shop, "revenue")
    assert (revenue.value, revenue.data_time) == (900.0, at("2025-06-28"))
    assert shop.wording.notes(revenue.notes) == ("to date, 28 of 30 days",)


def test_what_reads_the_old_source_alone_is_of_its_day_and_says_so(shop: Workspace) -> None:
    cost = answer(shop, "acquisition_cost")
    assert (cost.value, cost.data_time) == (120.0, at("2025-06-08"))
    assert shop.wording.notes(cost.notes)[:2] == ("to date, 8 of 30 days", "books: 20 days behind")


def test_what_reads_both_counts_both_to_the_day_of_the_older_one(shop: Workspace) -> None:
    cac = answer(shop, "cac")
    assert (cac.value, cac.data_time) == (60.0, at("2025-06-08"))
    assert cac.inputs == {"cost": 120.0, "new_customers": 2.0}
    assert shop.wording.notes(cac.notes)[:2] == ("to date, 8 of 30 days", "books: 20 days behind")


def test_what_is_made_of_another_kpi_is_of_the_day_of_all_that_they_read(shop: Workspace) -> None:
    growth = answer(shop, "cac.lag")  # its cost is that of 1 to 8 May
    assert (growth.value, growth.data_time) == (30.0, at("2025-06-08"))


def test_it_is_compared_with_the_same_elapsed_part(shop: Workspace) -> None:
    result = shop.get(["revenue", "cac"], "2025-06", compare="previous")
    assert [compared.value for compared in result.compared] == [500.0, 30.0]
    assert [compared.question.period.days for compared in result.compared] == [28, 8]


def test_a_day_after_that_of_its_data_has_not_started(shop: Workspace) -> None:
    late = answer(shop, "cac", "2025-06-20")
    assert (late.value, late.reason) == (None, "not_started")
    assert shop.wording.note(late.detail) == "2025-06-20 starts after 2025-06-08, the day of the data"
    assert answer(shop, "revenue", "2025-06-20").value == 0.0


def test_relative_periods_are_those_of_the_latest_data(shop: Workspace) -> None:
    assert answer(shop, "cac", "this month").question.period.key == "2025-06"
    assert answer(shop, "cac", "yesterday").question.period.key == "2025-06-27"


def test_answers_by_a_dimension_and_in_series_are_of_the_same_day(shop: Workspace) -> None:
    result = shop.get(["revenue", "roi.sales"], "2025-05..2025-06", grain="month", by=["channel"])
    times = {one.question.metric: one.data_time for one in result.answers}
    assert times == {"revenue": at("2025-06-28"), "roi": at("2025-06-08")}
    # by e-mail and by phone, May and June: (350 - 60) / 60, (200 - 80) / 80, (150 - 90) / 90, (300 - 40) / 40
    assert result.values()[:4] == [350.0, 600.0, 150.0, 300.0]
    assert [round(value or 0, 4) for value in result.values()[4:]] == [4.8333, 1.5, 0.6667, 6.5]


def test_pace_counts_the_working_days_up_to_its_data(shop: Workspace) -> None:
    revenue, cost = shop.attainment("revenue", "2025-06"), shop.attainment("acquisition_cost", "2025-06")
    # June 2025 has 21 working days: 20 up to Friday 27, 5 up to Friday 6
    assert (revenue.elapsed, cost.elapsed, cost.working_days) == (20, 5, 21)
    assert [each.elapsed for each in shop.attainments("2025-06")] == [5, 20]


def test_a_fresh_source_within_its_allowed_lag_is_no_note(shop: Workspace) -> None:
    behind = {state.source: state.allowed_lag for state in shop.warehouse.state.sources}
    assert {name: lag.days for name, lag in behind.items() if lag} == {"web": 2, "books": 3}
