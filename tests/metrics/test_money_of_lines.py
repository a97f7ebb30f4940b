"""Amounts that are given without a currency on lines and payments: they are in that of their order or invoice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from kpicore import Workspace, load_plugins
from tests.engine.worlds import at, config_of, load_tables
from tests.metrics.asking import answer, value
from tests.said import note_texts

ORDERS = "id customer_id ordered_at currency\n1 A 2026-01-31 EUR\n2 A 2026-02-01 USD"
LINES = """
    id order_id product_id quantity unit_price
    a  1        P          1        100
    b  1        Q          2        50
    c  2        P          1        100
"""
RATE = "currency rate_on rate\nEUR 2026-01-01 {}"
NO_RATE = "{} no rate for EUR: {} amounts are left empty; import fx_rate: currency, rate_on, rate"
CONVERTED = "EUR converted to 4 decimals at the rate of the day in ordered_on, of the data day where that is empty"
FEBRUARY = at("2026-02-28")


def opened(folder: Path, tables: Mapping[str, str]) -> Workspace:
    config = config_of(folder)
    load_tables(config, tables, at=FEBRUARY)
    return Workspace(config, load_plugins(()))


def told(of: Workspace, kpi: str, period: str) -> list[str]:
    return list(note_texts(answer(of, kpi, period).notes))


def test_an_order_is_the_sum_of_its_lines_in_its_own_currency(tmp_path: Path) -> None:
    tables = {"order": ORDERS, "order_line": LINES, "fx_rate": RATE.format("1.25")}
    with opened(tmp_path, tables) as found:
        assert value(found, "revenue", "2026-01") == 250  # (100 + 2 × 50) EUR × 1.25
        assert value(found, "revenue", "2026-02") == 100
        assert CONVERTED in told(found, "revenue", "2026-01")


def test_without_a_rate_the_lines_are_left_out_and_told_as_the_orders_own_amounts_are(tmp_path: Path) -> None:
    empty = "1 of 1 row of order left out: no amount"
    with opened(tmp_path / "lines", {"order": ORDERS, "order_line": LINES}) as found:
        assert value(found, "revenue", "2026-01") == 0
        assert told(found, "revenue", "2026-01") == [NO_RATE.format("2 rows have", "their"), empty]
        assert value(found, "revenue", "2026-02") == 100
    own = "id customer_id ordered_at currency amount\n1 A 2026-01-31 EUR 200\n2 A 2026-02-01 USD 100"
    with opened(tmp_path / "own", {"order": own}) as found:
        assert value(found, "revenue", "2026-01") == 0
        assert told(found, "revenue", "2026-01") == [NO_RATE.format("1 row has", "its"), empty]


def test_an_order_that_lacks_the_amount_of_one_line_says_which_rate_is_missing(tmp_path: Path) -> None:
    lines = "id order_id amount currency\na 1 100 -\nb 1 7 USD"
    with opened(tmp_path, {"order": ORDERS, "order_line": lines}) as found:
        assert value(found, "revenue", "2026-01") == 7
        lacking = "1 row of order_line left out of amount of order: no amount"
        notes = told(found, "revenue", "2026-01")
        assert sorted(notes) == sorted([NO_RATE.format("1 row has", "its"), lacking])


def test_lines_without_a_rate_are_not_told_where_orders_have_amounts_of_their_own(tmp_path: Path) -> None:
    orders = "id customer_id ordered_at currency amount\n1 A 2026-01-31 USD 200"
    lines = "id order_id amount currency\na 1 100 EUR"
    with opened(tmp_path, {"order": orders, "order_line": lines}) as found:
        assert value(found, "revenue", "2026-01") == 200
        assert told(found, "revenue", "2026-01") == []


def test_a_payment_without_a_currency_is_in_that_of_its_invoice(tmp_path: Path) -> None:
    tables = {
        "invoice": "id customer_id issued_on due_on amount currency\ni1 A 2026-01-05 2026-01-15 100 EUR",
        "payment": "id invoice_id received_on amount\np1 i1 2026-01-10 100",
        "fx_rate": RATE.format("1.25"),
    }
    with opened(tmp_path, tables) as found:
        assert value(found, "collection_rate.of_due", "2026-01") == 1


def test_lines_that_come_before_their_orders_answer_as_if_loaded_together_and_as_of_each_day(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    lines = "id order_id customer_id ordered_at amount\na 1 A 2026-01-31 200"
    load_tables(config, {"order_line": lines, "fx_rate": RATE.format("1.25")}, at=at("2026-02-10"))
    load_tables(config, {"order": ORDERS}, at=at("2026-03-10"))
    load_tables(config, {"order": ORDERS.replace("EUR", "USD")}, at=at("2026-04-10"))
    load_tables(config, {"order": ORDERS, "fx_rate": RATE.format("1.5")}, at=at("2026-05-10"))

    def said(of: Workspace, *days: str) -> list[float | None]:
        as_of = (date.fromisoformat(day) for day in days)
        return [of.get("revenue", "2026-01", as_of=each).answers[0].value for each in as_of]

    with Workspace(config, load_plugins(())) as found:
        assert value(found, "revenue", "2026-01") == 300
        days = "2026-02-10", "2026-03-10", "2026-04-10", "2026-05-10"
        assert said(found, *days) == [200, 250, 200, 300]


def test_tables_made_anew_hold_the_same(tmp_path: Path) -> None:
    tables = {"order": ORDERS, "order_line": LINES, "fx_rate": RATE.format("1.25")}
    with opened(tmp_path, tables) as found:
        before = found.warehouse.query("SELECT id, currency, amount FROM kpi.order_line ORDER BY id")
        found.remake(everything=True)
        assert found.warehouse.query("SELECT id, currency, amount FROM kpi.order_line ORDER BY id") == before
        assert value(found, "revenue", "2026-01") == 250
