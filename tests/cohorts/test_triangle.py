"""Cohorts of a company of a few customers, counted by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kpicore import BadArgument, BadCut, BadPeriod, UnknownName, Workspace
from kpicore_crm.cohorts import VIEWS, Cohort
from kpicore_crm.cohorts.triangle import Age, UnitHistory, life
from tests.engine.worlds import at, world
from tests.said import note_texts, note_words

ORDERS = """
    id customer_id ordered_at amount status
    a1 ann 2025-01-10 100 -
    a2 ann 2025-01-20 50 -
    a3 ann 2025-03-05 30 -
    b1 bob 2025-01-15 200 -
    b2 bob 2025-02-10 20 -
    b3 bob 2025-02-20 20 -
    c1 cat 2025-02-01 10 -
    c2 cat 2025-03-31 5 -
    d1 dan 2025-02-14 40 -
    d2 dan 2025-04-05 8 -
    e0 eve 2025-01-02 500 cancelled
    e1 eve 2025-03-03 60 -
    x1 - 2025-02-02 999 -
"""
CUSTOMERS = """
    id segment
    ann small
    bob large
    cat small
    dan -
    eve small
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Give the shop as it is on 10 April 2025."""
    tables = {"order": ORDERS, "customer": CUSTOMERS}
    with world(tmp_path_factory.mktemp("shop"), tables, at=at("2025-04-10")) as opened:
        yield opened


def line(cohort: Cohort, what: str) -> list[object]:
    return [age.reason or getattr(age, what) for age in cohort.ages]


def values(shop: Workspace, show: str, period: str, **more: object) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for record in shop.cohorts(show, period, **more).records():  # type: ignore[arg-type]
        label = " ".join([*([record["cohort"]] if record["cohort"] else []), *record["cuts"].values()])
        found.setdefault(label, []).append(record["reason"] if record["value"] is None else record["value"])
    return found


def test_a_customer_belongs_to_the_month_of_the_first_order_that_was_not_cancelled(shop: Workspace) -> None:
    found = shop.cohorts("customers", "2025-01..2025-05")
    assert [(cohort.label, cohort.size) for cohort in found.cohorts] == [
        (("2025-01",), 2),  # ann, bob
        (("2025-02",), 2),  # cat, dan
        (("2025-03",), 1),  # eve, whose order of January was cancelled
        (("2025-04",), 0),
        (("2025-05",), None),
    ]
    assert found.total.size == 5


def test_who_bought_at_each_age_and_what_has_not_come_is_empty_and_no_zero(shop: Workspace) -> None:
    assert values(shop, "customers", "2025-01..2025-05") == {
        "2025-01": [2, 1, 1, 0],
        "2025-02": [2, 1, 1, "not_started"],
        "2025-03": [1, 0, "not_started", "not_started"],
        "2025-04": [0, "not_started", "not_started", "not_started"],
        "2025-05": ["not_started"] * 4,
    }
    assert values(shop, "orders", "2025-01") == {"2025-01": [3, 2, 1, 0]}
    assert values(shop, "revenue", "2025-01") == {"2025-01": [350, 40, 30, 0]}


def test_retention_repeat_and_value_are_shares_of_the_whole_cohort(shop: Workspace) -> None:
    assert values(shop, "retention", "2025-01..2025-02") == {
        "2025-01": [1, 0.5, 0.5, 0],
        "2025-02": [1, 0.5, 0.5, "not_started"],
    }
    # ann came again in January already, bob in February; cat in March, dan in April
    assert values(shop, "repeat", "2025-01..2025-02") == {
        "2025-01": [0.5, 1, 1, 1],
        "2025-02": [0, 0.5, 1, "not_started"],
    }
    assert values(shop, "ltv", "2025-01..2025-02") == {
        "2025-01": [175, 195, 210, 210],
        "2025-02": [25, 27.5, 31.5, "not_started"],
    }
    assert values(shop, "retention", "2025-04") == {"2025-04": ["zero_denominator"]}


def test_the_month_in_progress_is_maturing(shop: Workspace) -> None:
    found = shop.cohorts("retention", "2025-01..2025-03")
    assert [[age.maturing for age in one.ages] for one in found.cohorts] == [
        [False, False, False, True],
        [False, False, True, False],
        [False, True, False, False],
    ]


def test_all_together_count_at_each_age_those_who_have_lived_it_in_full(shop: Workspace) -> None:
    total = shop.cohorts("retention", "2025-01..2025-04").total
    # age 1: January's and February's; March's is in progress. Age 3: nobody in full, January's so far.
    assert [(age.customers, age.size, age.maturing) for age in total.ages] == [
        (5, 5, False),
        (2, 4, False),
        (1, 2, False),
        (0, 2, True),
    ]


def test_cohorts_by_a_dimension_have_the_members_of_the_customer(shop: Workspace) -> None:
    found = shop.cohorts("retention", "2025-Q1", by="segment")
    assert [(cohort.label, cohort.size) for cohort in found.cohorts] == [
        (("(none)",), 1),
        (("large",), 1),
        (("small",), 3),
    ]
    small = found.cohorts[2]
    # ann, cat and eve; at age 1 ann and cat, of whom cat bought; at age 2 ann alone
    assert [(age.customers, age.size) for age in small.ages] == [(3, 3), (1, 2), (1, 1), (0, 1)]


def test_cohorts_by_month_and_dimension(shop: Workspace) -> None:
    assert values(shop, "customers", "2025-01..2025-02", by=("month", "segment")) == {
        "2025-01 large": [1, 1, 0, 0],
        "2025-01 small": [1, 0, 1, 0],
        "2025-02 (none)": [1, 0, 1, "not_started"],
        "2025-02 small": [1, 1, 0, "not_started"],
    }


def test_a_quarter_is_aged_in_months_since_each_customers_own(shop: Workspace) -> None:
    (quarter,) = shop.cohorts("retention", "2025-Q1", by="quarter").cohorts
    assert (quarter.label, quarter.size) == (("2025-Q1",), 5)
    assert [(age.customers, age.size) for age in quarter.ages] == [(5, 5), (2, 4), (1, 2), (0, 2)]
    (aged,) = shop.cohorts("retention", "2025-Q1", by="quarter", age="quarter").cohorts
    # in the second quarter only dan bought so far
    assert [(age.customers, age.maturing) for age in aged.ages] == [(5, False), (1, True)]


def test_ages_are_counted_in_fiscal_months_of_whole_weeks(tmp_path: Path) -> None:
    # FY2025 by 4-4-5 from Monday 30 December: M02 from 27 January, M03 from 24 February, M04 from 31 March
    with world(tmp_path, {"order": ORDERS}, at=at("2025-04-10"), pattern="4-4-5") as opened:
        assert values(opened, "customers", "FY2025-Q1", by="fiscal_month") == {
            "FY2025-M01": [2, 1, 1, 0],
            "FY2025-M02": [2, 0, 2, "not_started"],  # cat came again on 31 March, which is M04
            "FY2025-M03": [1, 0, "not_started", "not_started"],
        }
        assert values(opened, "customers", "FY2025-Q1", by="fiscal_quarter") == {"FY2025-Q1": [5, 1, 1, 0]}


def test_where_picks_customers_and_keeps_all_their_orders(shop: Workspace) -> None:
    assert values(shop, "revenue", "2025-01..2025-02", where={"segment": "SMALL"}) == {
        "2025-01": [150, 0, 30, 0],
        "2025-02": [10, 5, 0, "not_started"],
    }
    assert values(shop, "customers", "2025-02", where={"segment": "(none)"}) == {"2025-02": [1, 0, 1]}


def test_ages_may_be_limited(shop: Workspace) -> None:
    assert values(shop, "customers", "2025-01", ages=1) == {"2025-01": [2, 1]}
    assert values(shop, "customers", "2025-01", ages=99) == {"2025-01": [2, 1, 1, 0]}


def test_this_year_so_far_has_a_cohort_for_the_month_in_progress(shop: Workspace) -> None:
    found = shop.cohorts("customers", "ytd")
    assert [cohort.label for cohort in found.cohorts] == [("2025-01",), ("2025-02",), ("2025-03",), ("2025-04",)]


def test_orders_without_a_customer_are_told(shop: Workspace) -> None:
    assert note_texts(shop.cohorts("customers", "2025").notes) == (
        "1 of 13 orders has no customer and is in no cohort",
    )


def test_a_triangle_is_a_table_of_text_and_a_data_frame(shop: Workspace) -> None:
    found = shop.cohorts("retention", "2025-01..2025-02")
    assert str(found).splitlines() == [
        "month    size       0      1       2      3",
        "2025-01     2  100.0%  50.0%   50.0%  0.0%*",
        "2025-02     2  100.0%  50.0%  50.0%*",
        "all         4  100.0%  50.0%   50.0%  0.0%*",
    ]
    frame = found.frame()
    assert list(frame.columns) == ["size", 0, 1, 2, 3]
    assert frame.loc["2025-02", 1] == 0.5
    assert frame[3].isna().tolist() == [False, True]
    both = shop.cohorts("retention", "2025-01", by=("month", "segment")).frame()
    assert both.loc[("2025-01", "large"), 1] == 1


def test_cohorts_by_week_of_a_year_are_those_of_its_weeks_and_say_their_days(shop: Workspace) -> None:
    found = shop.cohorts("customers", "2025", by="week")
    assert [found.cohorts[at].period.key for at in (0, -1)] == ["2025-W01", "2025-W52"]  # type: ignore[union-attr]
    assert note_words(found.notes[0]) == "the weeks of 2025 are 2024-12-30 to 2025-12-28"


@pytest.mark.parametrize(
    ("asked", "error", "problem"),
    [
        ({"show": "retenton"}, UnknownName, "no view of cohorts named 'retenton'. Did you mean 'retention'?"),
        ({"by": "mont"}, UnknownName, "no grain or dimension named 'mont'. Did you mean 'month'?"),
        ({"by": ()}, BadArgument, "Write --by month"),
        ({"by": ("month", "quarter")}, BadArgument, "cohorts begin in one kind of period"),
        ({"by": "product"}, BadCut, "cohorts cannot be cut by product: their customers are read from 'customer'"),
        ({"where": {"country": "Peru"}}, UnknownName, "no country named 'Peru'"),
        ({"by": "month", "age": "week", "period": "2025-Q1"}, BadPeriod, "not made of whole week units"),
        ({"by": "quarter", "period": "2025-01"}, BadPeriod, "not made of whole quarter units"),
        ({"by": "month", "age": "quarter", "period": "2025-Q1"}, BadArgument, "by month have no ages in quarters"),
        ({"ages": -1}, BadArgument, "the highest age is a whole number from 0"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_in_one_line(
    shop: Workspace, asked: dict[str, object], error: type[Exception], problem: str
) -> None:
    with pytest.raises(error) as caught:
        shop.cohorts(**{"show": "retention", "period": "2025-01..2025-02", **asked})  # type: ignore[arg-type]
    assert problem in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


GIVEN = """
    id first_purchase_at
    old 2024-11-05
    late 2025-03-01
"""
THEIRS = """
    id customer_id ordered_at amount
    o1 old 2025-01-07 10
    o2 old 2025-02-07 10
    l1 late 2025-02-20 7
    l2 late 2025-03-02 8
"""


def test_ages_before_the_first_loaded_order_are_not_known_nor_is_what_adds_up_from_them(tmp_path: Path) -> None:
    with world(tmp_path, {"customer": GIVEN, "order": THEIRS}, at=at("2025-03-31")) as opened:
        assert values(opened, "customers", "2024-11") == {"2024-11": ["no_data", "no_data", 1, 1, 0]}
        for show in ("ltv", "repeat"):
            assert values(opened, show, "2024-11") == {"2024-11": ["no_data"] * 5}
        found = opened.cohorts("revenue", "2024-11..2025-03")
        assert [cohort.size for cohort in found.cohorts] == [1, 0, 0, 0, 1]
        assert found.cohorts[-1].ages[0].revenue == 8
        assert note_texts(found.notes) == (
            "orders from before the day given as their customer's first purchase are left out: 1",
            "orders were loaded from 2025-01-07 on: what customers did before is not known",
        )
        # at age 0 there is late, who is followed; at age 2 old, whose first orders are not known
        assert [(age.size, age.followed) for age in found.total.ages[:3]] == [(1, 1), (0, 0), (1, 0)]


def test_ages_after_the_last_loaded_order_are_not_known(tmp_path: Path) -> None:
    with world(tmp_path, {"order": THEIRS}, at=at("2026-03-31")) as opened:
        found = opened.cohorts("customers", "2025-01..2025-05")
        assert values(opened, "customers", "2025-02..2025-05") == {
            "2025-02": [1, 1],
            "2025-03": [0, "no_data"],
            "2025-04": ["no_data", "no_data"],
            "2025-05": ["no_data", "no_data"],
        }
        assert [cohort.size for cohort in found.cohorts] == [1, 1, 0, None, None]


def test_without_amounts_there_is_retention_but_no_revenue(tmp_path: Path) -> None:
    orders = "id customer_id ordered_at\no1 ann 2025-01-07\no2 ann 2025-02-07"
    with world(tmp_path, {"order": orders}, at=at("2025-02-28")) as opened:
        assert values(opened, "retention", "2025-01") == {"2025-01": [1, 1]}
        assert values(opened, "revenue", "2025-01") == {"2025-01": ["not_loaded", "not_loaded"]}
        assert values(opened, "ltv", "2025-01") == {"2025-01": ["not_loaded", "not_loaded"]}


def test_without_orders_there_are_no_cohorts(tmp_path: Path) -> None:
    with (
        world(tmp_path, {"customer": CUSTOMERS}, at=at("2025-02-28")) as opened,
        pytest.raises(BadArgument, match="cohorts are made of orders with their customers, and none were loaded"),
    ):
        opened.cohorts("retention", "2025-01")


def test_every_view_says_what_it_is() -> None:
    assert list(VIEWS) == ["retention", "customers", "repeat", "orders", "revenue", "ltv"]
    assert all(each.meaning for each in VIEWS.values())


def test_the_line_of_a_cohort_reads_like_its_life(shop: Workspace) -> None:
    january = shop.cohorts("retention", "2025-01").cohorts[0]
    assert line(january, "orders") == [3, 2, 1, 0]
    assert [age.period.key for age in january.ages if age.period] == ["2025-01", "2025-02", "2025-03", "2025-04"]


@pytest.mark.parametrize("by", ["day", ["day", "segment"], "segment"])
def test_the_life_of_each_unit_of_a_triangle_is_worked_out_once(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch, by: str | list[str]
) -> None:
    worked_out: list[tuple[int, int]] = []

    def counted(unit: int, history: UnitHistory, *more: Any) -> list[Age]:
        worked_out.append((unit, id(history)))
        return life(unit, history, *more)

    monkeypatch.setattr("kpicore_crm.cohorts.query.life", counted)
    found = shop.cohorts("customers", "2025-01", by=by)
    assert found.total.size == 2
    assert len({*worked_out}) == len(worked_out) <= len(found.cohorts) + 31
