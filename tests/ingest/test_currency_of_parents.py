"""Amounts of a row without a currency are in that of the row that it belongs to: a line in its order's."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from kpicore import Entity, Type
from tests.crm import crm_registry
from tests.said import note_texts

REGISTRY = crm_registry()
BELONGING = [
    (entity, field.name, field.refers_to)
    for entity in REGISTRY.entities.values()
    if not entity.made and any(field.type is Type.MONEY for field in entity.fields)
    for field in entity.fields
    if field.refers_to and REGISTRY.entity(field.refers_to).field("currency") is not None
]
"""Each entity with amounts, and each key of it to an entity that has a currency."""

RATES = "currency rate_on rate\n EUR 2025-01-01 2\n EUR 2025-03-01 3"

every_key = pytest.mark.parametrize(
    ("entity", "key", "parent"), BELONGING, ids=[f"{entity.name} by {key}" for entity, key, _ in BELONGING]
)


def test_the_keys_to_an_entity_with_a_currency_are_known() -> None:
    assert [(entity.name, key) for entity, key, _ in BELONGING] == [
        ("contract", "opportunity_id"),
        ("order", "opportunity_id"),
        ("order", "contract_id"),
        ("order_line", "order_id"),
        ("invoice", "contract_id"),
        ("payment", "invoice_id"),
        ("payment", "contract_id"),
    ]


def amounts(entity: Entity) -> list[str]:
    return [field.name for field in entity.fields if field.type is Type.MONEY]


def main_date_given(entity: Entity) -> str:
    """Return what a source gives of the main date: the moment, where the day is made of one."""
    moments = {field.name for field in entity.fields if field.type is Type.MOMENT}
    moment = f"{entity.main_date.removesuffix('on')}at"
    return moment if moment in moments else entity.main_date


def child(entity: Entity, key: str, currency: str = "-") -> str:
    """Return a row with 100 in each amount, on February 1."""
    day = main_date_given(entity)
    names = amounts(entity)
    header = ["id", key, day, "currency", *names]
    return " ".join(header) + "\n 1 P 2025-02-01 " + " ".join([currency, *["100"] * len(names)])


def parents(currency: str) -> str:
    return f"id currency\n P {currency}\n Q GBP"


def made(ask, entity: Entity) -> list[object]:
    """Return the currency and the amounts of the only row."""
    [row] = ask(f"SELECT currency, {', '.join(amounts(entity))} FROM kpi.\"{entity.name}\" WHERE id = '1'")
    assert len({*row[1:]}) == 1, "all amounts of a row are in one currency"
    return [*row[:2]]


@every_key
def test_a_row_without_a_currency_has_its_parents(give, ask, entity: Entity, key: str, parent: str) -> None:
    give(fx_rate=RATES, **{entity.name: child(entity, key), parent: parents("EUR")})
    assert made(ask, entity) == ["EUR", Decimal(200)]


@every_key
def test_the_own_currency_of_a_row_wins(give, ask, entity: Entity, key: str, parent: str) -> None:
    give(fx_rate=RATES, **{entity.name: child(entity, key, "USD"), parent: parents("EUR")})
    assert made(ask, entity) == ["USD", Decimal(100)]


@every_key
def test_where_the_parent_has_none_either_it_is_the_organisations(
    give, ask, entity: Entity, key: str, parent: str
) -> None:
    give(fx_rate=RATES, **{entity.name: child(entity, key), parent: parents("-")})
    assert made(ask, entity) == [None, Decimal(100)]


@every_key
def test_without_a_rate_of_the_parents_currency_there_is_no_amount(
    give, ask, state, entity: Entity, key: str, parent: str
) -> None:
    give(fx_rate=RATES, **{entity.name: child(entity, key), parent: parents("GBP")})
    assert made(ask, entity) == ["GBP", None]
    assert "1 row has no rate for GBP: its amounts are left empty; import fx_rate: currency, rate_on, rate" in (
        note_texts(state().entities[entity.name].notes)
    )


@every_key
def test_parents_that_come_later_or_change_make_the_same_as_loaded_together(
    give, ask, entity: Entity, key: str, parent: str
) -> None:
    give(**{entity.name: child(entity, key)})
    assert made(ask, entity) == [None, Decimal(100)]
    give(**{parent: parents("EUR")})
    assert made(ask, entity) == ["EUR", None]
    give(name="bank", fx_rate=RATES)
    assert made(ask, entity) == ["EUR", Decimal(200)]
    give(**{parent: parents("USD")})
    assert made(ask, entity) == ["USD", Decimal(100)]


def test_lines_of_an_order_in_another_currency_are_converted_once_on_the_day_of_the_order(give, ask) -> None:
    give(
        fx_rate="currency rate_on rate\n EUR 2026-01-01 1.25",
        order="id ordered_at currency\n 1 2026-01-31 EUR\n 2 2026-02-01 USD",
        order_line="""
            id order_id quantity unit_price
            a  1        1        100
            b  1        2        50
            c  2        1        100
        """,
        time=datetime(2026, 7, 15, tzinfo=UTC),
    )
    lines = [("a", Decimal(125)), ("b", Decimal(125)), ("c", Decimal(100))]
    orders = [("1", Decimal(250)), ("2", Decimal(100))]
    assert ask("SELECT id, amount FROM kpi.order_line ORDER BY id") == lines
    assert ask('SELECT id, amount FROM kpi."order" ORDER BY id') == orders


def test_a_currency_is_handed_down_over_several_rows(give, ask) -> None:
    give(
        fx_rate=RATES,
        opportunity="id currency\n D EUR",
        contract="id opportunity_id\n C D",
        invoice="id contract_id due_on amount\n I C 2025-02-01 100",
        payment="id invoice_id received_on amount\n P I 2025-03-01 100",
    )
    assert ask("SELECT currency, amount FROM kpi.invoice") == [("EUR", Decimal(200))]
    assert ask("SELECT currency, amount FROM kpi.payment") == [("EUR", Decimal(300))]
    assert ask("SELECT collected_amount FROM kpi.invoice") == [(Decimal(300),)]
