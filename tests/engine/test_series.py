"""A series of periods: nothing is skipped, what is to date shows the last value, like is compared with like."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpicore import COUNT, MONEY, SHARE, Input, Metric, Workspace, count, total
from tests.engine.worlds import at, world

# 3 deals in February, none in March, 2 in April, 4 in May (one after the 18th), and plans for June.
DEALS = """
    id created_at closed_at amount stage_id expected_close_on
    d1 2025-01-05 2025-02-03 100 won -
    d2 2025-01-06 2025-02-10 200 lost -
    d3 2025-01-07 2025-02-28 300 won -
    d4 2025-01-08 2025-04-18 400 won -
    d5 2025-01-09 2025-04-19 500 lost -
    d6 2025-01-10 2025-05-02 600 won -
    d7 2025-01-11 2025-05-18 700 won -
    d8 2025-01-12 - 800 open 2025-06-15
"""
STAGES = "id name position outcome\nopen Open 1 open\nwon Won 2 won\nlost Lost - lost"
WON = "outcome = 'won'"


def metric(id: str, formula: str, unit: object = COUNT, **inputs: Input) -> Metric:
    return Metric(id, name=id, unit=unit, formula=formula, inputs=inputs)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def deals(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Give deals as they are on 18 May 2025."""
    closed = count("opportunity", when="closed_on")
    won = count("opportunity", when="closed_on", where=WON)
    folder: Path = tmp_path_factory.mktemp("deals")
    return world(
        folder,
        {"opportunity": DEALS, "stage": STAGES},
        metric("closed", "it", it=closed),
        metric("rate", "won / base", SHARE, won=won, base=closed),
        metric("sales", "it", MONEY, it=total("opportunity", "amount", when="closed_on", where=WON)),
        metric("planned", "it", MONEY, it=total("opportunity", "amount", when="expected_close_on")),
        at=at("2025-05-18"),
    )


def shown(deals: Workspace, kpi: str, period: str, **more: object) -> list[tuple[str, object]]:
    found = deals.get(kpi, period, **more).answers  # type: ignore[arg-type]
    return [(each.question.period.key, each.reason or each.value) for each in found]


def test_no_month_is_skipped_and_each_says_what_it_is(deals: Workspace) -> None:
    found = shown(deals, "closed", "2024-12..2025-06", grain="month")
    assert found == [
        ("2024-12", "no_data"),  # before the first row
        ("2025-01", 0),  # rows were loaded, none was closed
        ("2025-02", 3),
        ("2025-03", 0),
        ("2025-04", 2),
        ("2025-05", 2),
        ("2025-06", "not_started"),
    ]
    rates = dict(shown(deals, "rate", "2025-01..2025-06", grain="month"))
    assert rates["2025-03"] == "zero_denominator" and rates["2025-06"] == "not_started"


def test_a_month_without_rows_is_there_for_each_member_too(deals: Workspace) -> None:
    found = shown(deals, "closed", "2025-02..2025-06", grain="month", by="stage")
    assert [each for _, each in found] == [1, 0, 1, 0, "not_started", 2, 0, 1, 2, "not_started"]


def test_a_series_to_date_shows_the_last_value_of_each_month_and_not_the_first(deals: Workspace) -> None:
    # the running total at the end of February is 400, not the 0 or 100 of its first days
    assert shown(deals, "sales", "2025-H1", grain="month", to_date=True) == [
        ("2025-01-01..2025-01-31", 0),
        ("2025-01-01..2025-02-28", 400),
        ("2025-01-01..2025-03-31", 400),
        ("2025-01-01..2025-04-30", 800),
        ("2025-01-01..2025-05-31", 2100),
        ("2025-H1", "not_started"),
    ]


def test_a_rate_to_date_is_that_of_all_rows_so_far_and_no_mean_of_rates(deals: Workspace) -> None:
    found = dict(shown(deals, "rate", "2025-H1", grain="month", to_date=True))
    assert found["2025-01-01..2025-04-30"] == 3 / 5
    assert found["2025-01-01..2025-05-31"] == 5 / 7
    assert found["2025-H1"] == "not_started"


def test_what_is_planned_runs_into_the_future(deals: Workspace) -> None:
    found = shown(deals, "planned", "2025-Q2", grain="month", to_date=True)
    assert [value for _, value in found] == [0, 0, 800]


def test_the_year_to_date_by_month_ends_with_the_part_of_the_month_that_has_elapsed(deals: Workspace) -> None:
    found = shown(deals, "closed", "ytd", grain="month")
    assert found[-2:] == [("2025-04", 2), ("2025-05-01..2025-05-18", 2)]
    assert sum(float(str(value)) for _, value in found) == deals.get("closed", "ytd").answers[0].value == 7
    assert [key for key, _ in shown(deals, "closed", "ytd", grain="month", to_date=True)][
        -1
    ] == "2025-01-01..2025-05-18"


def test_the_first_18_days_of_may_are_compared_with_the_first_18_of_april(deals: Workspace) -> None:
    found = deals.get("closed", "2025-05", compare="previous")
    assert found.compared[0].question.period.key == "2025-04-01..2025-04-18"
    assert (found.answers[0].value, found.compared[0].value) == (2, 1)
    full = deals.get("closed", "2025-05", compare="previous-full")
    assert (full.compared[0].question.period.key, full.compared[0].value) == ("2025-04", 2)
    assert deals.get("closed", "2025-05", compare="year").compared[0].question.period.key == "2024-05-01..2024-05-18"
    assert deals.get("closed", "2025-05", compare="year-full").compared[0].question.period.key == "2024-05"


def test_each_month_of_a_series_to_date_is_compared_with_the_same_part_of_the_year_before(deals: Workspace) -> None:
    found = deals.get("closed", "2025-H1", grain="month", to_date=True, compare="year")
    assert [each.question.period.key for each in found.compared][1:5] == [
        "2024-01-01..2024-02-29",
        "2024-01-01..2024-03-31",
        "2024-01-01..2024-04-30",
        "2024-01-01..2024-05-18",
    ]


def test_trailing_months_are_whole_ones_and_split_into_months(deals: Workspace) -> None:
    assert shown(deals, "closed", "trailing 3 months", grain="month") == [
        ("2025-02", 3),
        ("2025-03", 0),
        ("2025-04", 2),
    ]
    assert shown(deals, "closed", "trailing 3 months")[0][1] == 5


def test_half_years_are_periods_like_any_other(deals: Workspace) -> None:
    assert shown(deals, "closed", "2025", grain="half") == [("2025-H1", 7), ("2025-H2", "not_started")]
    assert (
        deals.get("closed", "2025-H1", compare="previous").compared[0].question.period.key == "2024-07-01..2024-11-18"
    )
