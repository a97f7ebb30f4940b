"""What is dated after the day that is asked about is in no KPI of that day, whatever it is rolled up to."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kpicore import Workspace, load_plugins
from tests.engine.worlds import at, config_of, load_tables
from tests.metrics.asking import answer, value
from tests.said import note_texts

JANUARY = date(2026, 1, 31)
"""A day before the first load, which is that of June 20."""


def opened(folder: Path, day: str = "2026-06-20", **tables: str) -> Workspace:
    config = config_of(folder)
    load_tables(config, tables, at=at(day))
    return Workspace(config, load_plugins(()))


def as_of(of: Workspace, ref: str, period: str, day: date) -> float | None:
    [found] = of.get(ref, period, as_of=day).answers
    return found.value


ORDERS = "id customer_id ordered_at amount\na c 2026-06-01 10\nb c 2026-07-25 90"


def test_an_order_to_come_is_in_no_lifetime_until_its_day(tmp_path: Path) -> None:
    with opened(tmp_path, customer="id\nc", order=ORDERS) as of:
        assert value(of, "ltv", "2026-06") == 10
        assert value(of, "customer_lifespan", "2026-06") == 0
    load_tables(config_of(tmp_path), {}, at=at("2026-07-25"))
    with Workspace(config_of(tmp_path), load_plugins(())) as of:
        assert value(of, "ltv", "2026-06") == 100
        assert value(of, "customer_lifespan", "2026-06") == pytest.approx(54 / 365.25)
        assert as_of(of, "ltv", "2026-06", date(2026, 6, 20)) == 10


def test_a_call_that_is_planned_without_a_status_has_answered_no_lead(tmp_path: Path) -> None:
    leads = "id created_at\nl 2026-06-20T10:00\nm 2026-06-20T10:00"
    calls = "id type at lead_id\na call 2026-07-10T10:00 l\nb call 2026-06-20T10:30 m"
    with opened(tmp_path, lead=leads, activity=calls) as of:
        assert value(of, "lead_response_time", "2026-06") == 30


def test_a_payment_to_come_has_not_been_collected(tmp_path: Path) -> None:
    contracts = "id ordered_at amount\nk 2026-01-20 100"
    payments = "id contract_id received_on amount\na k 2026-01-25 40\nb k 2026-05-01 35\nd k 2026-07-01 25"
    with opened(tmp_path, contract=contracts, payment=payments) as of:
        assert value(of, "collection_rate", "2026-01") == 0.75
        assert as_of(of, "collection_rate", "2026-01", JANUARY) == 0.4
        assert as_of(of, "collection_rate", "2026-01", date(2026, 5, 1)) == 0.75


def test_before_the_first_load_customers_have_bought_what_they_had_by_the_day(tmp_path: Path) -> None:
    orders = "id customer_id ordered_at amount\na c 2026-01-10 7.5\nb c 2026-05-01 45"
    with opened(tmp_path, customer="id\nc", order=orders) as of:
        assert as_of(of, "ltv", "2026-01", JANUARY) == 7.5
        assert as_of(of, "ltv", "2026-01", date(2026, 4, 30)) == 7.5
        assert as_of(of, "ltv", "2026-01", date(2026, 5, 1)) == 52.5
        assert value(of, "ltv", "2026-01") == 52.5


CONVERTED = {
    "lead": "id created_at converted_at converted_customer_id\nl 2026-01-02 2026-01-20 c\nm 2026-01-03 2026-05-01 d"
}
BY_THEIR_DEALS = {
    "lead": "id created_at\nl 2026-01-02\nm 2026-01-03",
    "opportunity": """
        id lead_id created_at closed_at  outcome
        a  l       2026-01-03 2026-01-05 won
        b  m       2026-01-03 2026-05-01 won
    """,
}
BY_DEALS_THEY_NAME = {
    "lead": "id created_at converted_opportunity_id\nl 2026-01-02 a\nm 2026-01-03 b",
    "opportunity": "id created_at closed_at outcome\na 2026-01-03 2026-01-05 won\nb 2026-01-03 2026-05-01 won",
}


@pytest.mark.parametrize("tables", [CONVERTED, BY_THEIR_DEALS, BY_DEALS_THEY_NAME])
def test_a_lead_becomes_a_customer_on_its_day_and_not_before(tables: dict[str, str], tmp_path: Path) -> None:
    with opened(tmp_path / "later", **tables) as of:
        assert value(of, "lead_conversion", "2026-01") == 1
        assert as_of(of, "lead_conversion", "2026-01", JANUARY) == 0.5
        assert as_of(of, "lead_conversion", "2026-01", date(2026, 5, 1)) == 1
    with opened(tmp_path / "ahead", day="2026-04-30", **tables) as of:
        assert value(of, "lead_conversion", "2026-01") == 0.5
    load_tables(config_of(tmp_path / "ahead"), {}, at=at("2026-05-01"))
    with Workspace(config_of(tmp_path / "ahead"), load_plugins(())) as of:
        assert value(of, "lead_conversion", "2026-01") == 1


@pytest.mark.parametrize("outcome", ["open", "won"])
def test_a_lead_that_names_its_customer_is_one_whatever_close_of_its_deal_is_yet_to_come(
    outcome: str, tmp_path: Path
) -> None:
    lead = "id created_at converted_at converted_customer_id\nl 2026-01-02 2026-01-20 c\nm 2026-01-02 - -"
    deal = f"id lead_id created_at closed_at outcome\na l 2026-01-03 2026-09-01 {outcome}"
    with opened(tmp_path, lead=lead, opportunity=deal) as of:
        assert value(of, "lead_conversion", "2026-01") == 0.5


def test_an_order_to_come_is_not_told_as_one_that_is_left_out(tmp_path: Path) -> None:
    """Of the orders up to the day one lacks its amount; of those to come none does what could be told."""
    orders = "id customer_id ordered_at amount\na c 2026-06-01 10\nb c 2026-06-02 -\nd c 2026-07-25 -"
    with opened(tmp_path, customer="id\nc", order=orders) as of:
        notes = [text for text in note_texts(answer(of, "ltv", "2026-06").notes) if "amount" in text]
    assert len(notes) == 1
    assert notes[0].startswith("1 row of order ")
