"""Listings: the rows behind a question, with the columns, order and number that are asked for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kpicore import BadCut, BadDefinition, Column, KpiError, Listing, count, per, standing
from kpicore_reports.shared_sections import BEHAVIOUR, LOST, STALLED, TOP, TOP_WEIGHTED
from tests.said import note_words

OPEN = standing("opportunity", since="created_on", until="closed_on")


def ids(found):
    return [row[0] for row in found.rows]


def test_the_largest_open_deals_stand_first(tiny):
    listing = Listing("largest", "Largest", OPEN, {"Id": "id", "Amount": "amount"}, order="amount")
    found = tiny.listed(listing, "2025-Q2")
    assert found.rows == (("o10", Decimal(700)), ("o11", Decimal(80)))


def test_of_an_earlier_quarter_the_deals_that_were_open_at_its_end_are_listed(tiny):
    found = tiny.listed(Listing("open", "Open", OPEN, {"Id": "id"}, order="amount"), "2025-Q1")
    assert ids(found) == ["o7", "o8"]


def test_the_smallest_come_first_when_that_is_asked_for(tiny):
    listing = Listing("smallest", "Smallest", OPEN, {"Id": "id"}, order="amount", ascending=True)
    assert ids(tiny.listed(listing, "2025-Q2")) == ["o11", "o10"]


def test_rows_beyond_the_limit_are_counted(tiny):
    found = tiny.listed(Listing("won", "Won", count("opportunity", when="closed_on"), {"Id": "id"}, limit=2), "2025-Q1")
    assert (len(found.rows), found.total) == (2, 6)


def test_without_an_order_the_latest_stand_first(tiny):
    found = tiny.listed(Listing("closed", "Closed", count("opportunity", when="closed_on"), {"Id": "id"}), "2025-Q1")
    assert ids(found) == ["o6", "o5", "o4", "o3", "o2", "o1"]


def test_cuts_apply(tiny):
    assert tiny.listed(LOST, "2025-Q1", {"rep": "Bob Ray"}).total == 1
    assert tiny.listed(LOST, "2025-Q1", {"loss_reason": ["Price", "Timing"]}).total == 2


def test_a_cut_that_the_rows_lack_is_refused(tiny):
    with pytest.raises(BadCut, match=r"'sales_behaviour' cannot be cut by loss_reason.*'activity'"):
        tiny.listed(BEHAVIOUR, "2025-Q1", {"loss_reason": "Price"})


def test_as_of_a_day_the_deals_that_were_open_then_are_listed(tiny):
    found = tiny.listed(Listing("open", "Open", OPEN, {"Id": "id"}), "2025", as_of=date(2025, 1, 31))
    assert sorted(ids(found)) == ["o2", "o3"]


def test_columns_tell_types_and_units(tiny):
    found = tiny.listed(TOP, "2025-Q2")
    assert [(column.title, column.type.value, column.unit.name if column.unit else "") for column in found.columns] == [
        ("Opportunity", "text", ""),
        ("Customer", "text", ""),
        ("Rep", "text", ""),
        ("Stage", "text", ""),
        ("Amount", "money", "money"),
        ("Chance", "number", "share"),
        ("Expected close", "date", ""),
        ("Age", "integer", "days"),
    ]
    # created April 10, and June 30 is 81 days later
    assert found.rows[0] == (None, "Dune", "Ann Lee [u1]", "Offer", 700, Decimal("0.5"), date(2025, 8, 15), 81)


def test_what_a_rep_only_plans_to_do_is_no_behaviour(tiny):
    assert tiny.listed(BEHAVIOUR, "2025").total == 5


def test_of_open_deals_10_31_and_90_days_old_two_are_stalled_where_the_cycle_is_30(company):
    found = company(
        product_line="id name\npl1 Machines",
        opportunity="""
            id name    product_line_id created_at closed_at  outcome amount
            w1 Won     pl1             2025-05-01 2025-05-31 won     100
            a  Fresh   pl1             2025-06-20 -          open    10
            b  Late    pl1             2025-05-30 -          open    20
            c  Ancient pl1             2025-04-01 -          open    30
        """,
    ).listed(STALLED, "2025-06")
    assert [(row[0], row[5], row[6]) for row in found.rows] == [("Ancient", 90, 30), ("Late", 31, 30)]


def test_an_entity_that_was_never_loaded_is_a_reason(company):
    workspace = company(customer="id name\nc1 Acme")
    found = workspace.listed(TOP, "2025-06")
    assert (found.rows, found.reason, note_words(found.detail)) == ((), "not_loaded", "no opportunity_stage was loaded")


@pytest.mark.parametrize(("listing", "kpi"), [(TOP, "top_opportunities"), (TOP_WEIGHTED, "top_opportunities.weighted")])
def test_of_a_past_quarter_the_first_deal_is_the_one_of_the_kpi_in_the_stage_of_that_day(demo, listing, kpi):
    found = demo.listed(listing, "2026-Q2")
    titles = [column.title for column in found.columns]
    first = dict(zip(titles, found.rows[0], strict=True))
    (answer,) = demo.get(kpi, "2026-Q2").answers
    assert float(first["Weighted" if listing is TOP_WEIGHTED else "Amount"]) == pytest.approx(answer.value, rel=1e-9)
    assert not {row[titles.index("Stage")] for row in found.rows} & {"Won", "Lost"}


def test_the_list_is_as_long_as_the_kpi_says(demo):
    for listing, kpi in ((TOP, "pipeline_count"), (STALLED, "stalled_opportunities"), (LOST, "lost_deals")):
        (answer,) = demo.get(kpi, "2026-Q2").answers
        assert demo.listed(listing, "2026-Q2").total == answer.value > 0


@pytest.mark.parametrize(
    ("listing", "problem"),
    [
        (Listing("x", "X", OPEN, {"Id": "ammount"}), "ammount"),
        (Listing("x", "X", OPEN, {"Id": "id"}, order="id; drop table t"), "cannot read"),
        (Listing("x", "X", OPEN, {"Id": Column("amount, id")}), "cannot read"),
        (Listing("x", "X", count("opportunity", when="owner_id"), {"Id": "id"}), "is not a date"),
    ],
)
def test_what_cannot_be_listed_is_one_clear_line(tiny, listing, problem):
    with pytest.raises(KpiError, match=problem) as raised:
        tiny.listed(listing, "2025-Q1")
    assert "listing 'x'" in str(raised.value)


def test_a_listing_without_columns_or_of_groups_is_refused():
    with pytest.raises(BadDefinition, match="listing 'x': it has no columns"):
        Listing("x", "X", OPEN, {})
    with pytest.raises(BadDefinition, match="rows of an entity"):
        Listing("x", "X", count(per("customer_id", OPEN)), {"Id": "id"})
    with pytest.raises(BadDefinition, match="its limit is 1 to 10,000, not 0"):
        Listing("x", "X", OPEN, {"Id": "id"}, limit=0)
