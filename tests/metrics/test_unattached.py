"""Rows that belong to no row that sums them up: they are in no answer made of the sum, and each such answer says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpicore import COUNT, Entity, Field, Metric, RollUp, Workspace, load_plugins, total
from tests.engine.worlds import config_of, load_tables, sharing
from tests.metrics.asking import answer
from tests.said import note_texts


def opened(folder: Path, **tables: str) -> Workspace:
    config = config_of(folder)
    load_tables(config, tables)
    return Workspace(config, load_plugins(()))


def told(of: Workspace, kpi: str, period: str = "2025-01") -> list[str]:
    """Return the notes on rows that are in no sum."""
    return [text for text in note_texts(answer(of, kpi, period).notes) if " in no " in text and "period" not in text]


LINES = """
    id order_id customer_id ordered_at amount
    1  A        c1          2025-01-10 100
    2  -        c1          2025-01-10 1000
    3  -        c2          2025-01-11 30
"""


def test_lines_without_an_order_are_told_wherever_amounts_of_orders_are_read(tmp_path: Path) -> None:
    with opened(tmp_path, order_line=LINES) as found:
        lost = ["2 rows of order_line have no order_id and are in no amount of order"]
        assert answer(found, "revenue", "2025-01").value == 100
        assert told(found, "revenue") == told(found, "aov") == told(found, "ltv") == lost
        assert told(found, "new_customers") == told(found, "purchase_frequency") == []


def test_lines_without_an_order_are_not_missed_where_all_orders_have_another_amount(tmp_path: Path) -> None:
    with opened(tmp_path, order="id customer_id ordered_at amount\nA c1 2025-01-10 90", order_line=LINES) as found:
        assert (answer(found, "revenue", "2025-01").value, told(found, "revenue")) == (90, [])
    orders = "id customer_id ordered_at amount\nA c1 2025-01-10 90\nB c1 2025-01-10 -"
    with opened(tmp_path / "one without", order=orders, order_line=LINES) as found:
        assert told(found, "revenue") == ["2 rows of order_line have no order_id and are in no amount of order"]


def test_an_order_that_is_only_named_by_a_line_is_an_order(tmp_path: Path) -> None:
    orders = "id customer_id ordered_at amount\nA c1 2025-01-10 90"
    with opened(tmp_path, order=orders, order_line="id order_id ordered_at amount\n1 Z 2025-01-10 5") as found:
        assert (answer(found, "revenue", "2025-01").value, told(found, "revenue")) == (95, [])


def test_an_order_without_a_customer_is_told_in_the_value_of_customers(tmp_path: Path) -> None:
    orders = """
        id customer_id ordered_at status    amount
        A  c1          2025-01-10 completed 90
        B  -           2025-01-10 completed 500
        C  -           2025-01-10 cancelled 7
    """
    with opened(tmp_path, order=orders) as found:
        assert answer(found, "ltv.revenue", "2025-01").value == 90
        assert told(found, "ltv.revenue") == [
            "1 row of order has no customer_id and is in no lifetime_revenue of customer"
        ]
        assert told(found, "revenue") == told(found, "new_customers") == []


PAYMENTS = """
    id invoice_id contract_id received_on amount
    1  i1         -           2025-01-10  40
    2  -          -           2025-01-11  60
    3  i9         -           2025-01-11  5
    4  -          c9          2025-01-11  6
    5  -          c8          2025-01-11  7
    6  -          c1          2025-01-11  8
"""


def test_a_payment_of_nothing_and_one_of_what_is_not_there_are_told_in_the_rates_of_collection(tmp_path: Path) -> None:
    tables = {
        "contract": "id customer_id ordered_at amount\nc1 K 2025-01-02 100",
        "invoice": "id contract_id due_on amount\ni1 c1 2025-01-20 100",
        "payment": PAYMENTS,
    }
    with opened(tmp_path, **tables) as found:
        assert answer(found, "collection_rate.contracted", "2025-01").value == pytest.approx(0.48)
        assert told(found, "collection_rate.contracted") == [
            "2 rows of payment have no contract_id and are in no collected_amount of contract",
            "2 rows of payment whose contract_id is of no contract are in no collected_amount",
        ]
        assert answer(found, "collection_rate.of_due", "2025-01").value == pytest.approx(0.4)
        assert told(found, "collection_rate.of_due") == [
            "4 rows of payment have no invoice_id and are in no collected_amount of invoice",
            "1 row of payment whose invoice_id is of no invoice is in no collected_amount",
        ]
        assert told(found, "collected_amount") == []


KEYLESS = {
    "order": "id customer_id ordered_at amount cost_of_goods\nA c1 2025-01-10 - 1\nB - 2025-01-10 7 2",
    "order_line": "id order_id amount status\n1 A 5 completed\n2 - 6 completed\n3 A 7 cancelled\n4 - 8 cancelled",
    "customer": "id\nc1",
    "contract": "id ordered_at amount\nk 2025-01-01 5",
    "invoice": "id due_on amount\ni 2025-01-01 5",
    "payment": "id contract_id invoice_id received_on amount\n1 k i 2025-01-01 9\n2 - - 2025-01-02 3",
}


def _metric(entity: Entity, field: Field) -> Metric:
    summed = {"it": total(entity.name, field.name, when=entity.main_date)}
    return Metric(f"sum_of_{entity.name}_{field.name}", name=field.name, unit=COUNT, inputs=summed)


def test_of_every_field_that_is_a_total_the_rows_are_told_that_belong_to_none(tmp_path: Path) -> None:
    with opened(tmp_path, **KEYLESS) as base:
        totals = [
            (entity, field, how)
            for entity in base.registry.entities.values()
            for field in entity.fields
            for how in field.how
            if isinstance(how, RollUp) and how.aggregate.word == "total"
        ]
        found = sharing(base, [_metric(entity, field) for entity, field, _ in totals])
        assert len(totals) >= 6
        for entity, field, how in totals:
            lost = f"1 row of {how.aggregate.entity} has no {how.key} and is in no {field.name} of {entity.name}"
            assert lost in told(found, f"sum_of_{entity.name}_{field.name}")
