"""A roll-up takes no row that is dated after the day of the data; as soon as the data reaches the row, it counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from kpicore import Field, LookUp, Registry, RollUp, Type, Workspace, count, latest, total
from kpicore.testing import TinySource, batch, open_warehouse
from tests.crm import PLUGINS, crm_registry
from tests.engine.worlds import config_of

JUNE, REACHED = datetime(2026, 6, 20, 12, tzinfo=UTC), datetime(2026, 7, 26, 12, tzinfo=UTC)

WORLD: Mapping[str, str] = {
    "user": "id\n x",
    "customer": "id\n x\n y",
    "lead": "id created_at\n x 2026-06-01",
    "product_line": "id\n x",
    "stage": "id position outcome\n x 1 open\n w 2 won",
    "invoice": "id\n x",
    "contract": "id\n x",
    "opportunity": "id lead_id\n x other\n d other",
    "order": "id customer_id ordered_at amount\n old y 2024-06-01 10",
    "order_line": "id order_id customer_id ordered_at amount\n l1 x z 2026-06-01 10",
}
"""One row of each entity that is rolled up to, and what makes it one."""

AHEAD: Mapping[str, str] = {
    "opportunity": """
        id created_at closed_at  outcome stage_id lead_id owner_id product_line_id customer_id amount
        d  2026-06-02 2026-07-25 won     w        other   -        -               -           9
        e  2026-07-22 2026-07-25 won     w        x       x        x               x           9
    """,
    "stage_history": """
        opportunity_id stage_id entered_at left_at
        d              x        2026-06-02 2026-06-04
        x              w        2026-07-25 -
    """,
    "activity": "id at lead_id opportunity_id\n a 2026-07-25 x x",
    "payment": "id received_on amount invoice_id contract_id\n p 2026-07-25 9 x x",
    "order": """
        id  customer_id owner_id ordered_at amount cost_of_goods
        n   x           x        2026-07-25 90     10
        n2  y           -        2026-07-25 90     10
    """,
    "order_line": """
        id order_id customer_id ordered_at amount status
        l2 x        z           2026-07-25 90     completed
        l3 x        z           2026-07-25 7      cancelled
    """,
    "lead": "id created_at converted_customer_id source campaign_id origin\n b 2026-07-25 x website c inbound",
}
"""Rows of each entity that is rolled up, dated after June 20 by all that dates them."""

FROM_ITS_FIRST_LINE = {("order", "customer_id"), ("order", "status"), ("order", "ordered_at")}
"""What a later line does not change."""


def rolled_up_fields(registry: Registry) -> list[Field]:
    fields = (field for entity in registry.entities.values() for field in entity.fields)
    return [field for field in fields if any(isinstance(how, RollUp) for how in field.how)]


def given(folder: Path, at: datetime, *worlds: Mapping[str, str]) -> dict[tuple[str, str], object]:
    """Load rows and return the fields made by roll-ups, of the row that they are rolled up to."""
    folder.mkdir(exist_ok=True)
    with Workspace(config_of(folder), PLUGINS) as opened:
        registry = opened.registry
        batches = tuple(batch(registry, entity, text) for tables in worlds for entity, text in tables.items())
        assert opened.load([TinySource("test", batches)], data_time=at).errors == ()
    warehouse = open_warehouse(folder)
    try:
        return {
            (field.entity, field.name): warehouse.query(
                f'SELECT "{field.name}" FROM kpi."{field.entity}" WHERE id = ?',
                ["y" if field.name == "lost_on" else "x"],
            )[0][0]
            for field in rolled_up_fields(registry)
        }
    finally:
        warehouse.close()


def test_a_row_after_the_day_of_the_data_is_in_no_built_in_roll_up_until_the_data_reaches_it(tmp_path: Path) -> None:
    without = given(tmp_path / "without", JUNE, WORLD)
    ahead = given(tmp_path / "ahead", JUNE, WORLD, AHEAD)
    assert ahead == without
    assert ahead["order", "amount"] == 10
    assert ahead["customer", "lost_on"] == date(2025, 6, 1)
    reached = given(tmp_path / "ahead", REACHED)  # nothing new is given
    assert reached == given(tmp_path / "fresh", REACHED, WORLD, AHEAD)
    assert {key for key, value in reached.items() if value == without[key]} == FROM_ITS_FIRST_LINE


def test_an_order_of_which_all_lines_are_ahead_is_ahead_itself_and_whole(give, ask) -> None:
    """Its date and customer come from the lines alone: without them it would be an order on no day, and count."""
    give(
        order_line="""
            id order_id customer_id ordered_at amount
            1  A        c           2026-07-25 9
            2  A        c           2026-07-26 8
            3  B        c           2026-06-01 5
            4  B        c           2026-07-25 90
        """,
        time=JUNE,
    )
    assert ask("SELECT id, ordered_on, customer, amount FROM kpi.order ORDER BY id") == [
        ("A", date(2026, 7, 25), "c", Decimal(17)),
        ("B", date(2026, 6, 1), "c", Decimal(5)),
    ]
    assert ask("SELECT order_count, lifetime_revenue FROM kpi.customer") == [(1, Decimal(5))]


@pytest.mark.parametrize(
    ("zone", "counted"),
    [("UTC", 1), ("Europe/Berlin", 0), ("America/New_York", 2)],
)
def test_a_moment_is_ahead_by_its_day_in_the_zone_of_the_organisation(give, ask, zone, counted) -> None:
    """June 20 ends at 24:00 UTC in UTC, at 22:00 in Berlin and at 04:00 of the next day in New York."""
    orders = "a c 2026-06-20T22:30\n b c 2026-06-21T03:30\n d c 2026-06-21T04:00"
    give(customer="id\n c", order=f"id customer_id ordered_at\n {orders}", timezone=zone, time=JUNE)
    assert ask("SELECT order_count FROM kpi.customer") == [(counted,)]


def with_own(entity: str, *fields: tuple[str, Type, RollUp]) -> Registry:
    own = (Field(entity, name, type_, "Own.", how=(how,)) for name, type_, how in fields)
    return crm_registry(fields=tuple(("test", each) for each in own))


def test_a_plan_leaves_nothing_out_and_what_has_no_date_stays_in(give, ask) -> None:
    registry = with_own(
        "customer",
        ("billed", Type.MONEY, RollUp("customer_id", total("invoice", "amount"))),  # its main date is when it is due
        ("written", Type.MONEY, RollUp("customer_id", total("invoice", "amount", when="issued_on"))),
        ("next_due", Type.DATE, RollUp("customer_id", latest("invoice", "due_on", when="due_on"))),
        ("calls", Type.INTEGER, RollUp("customer_id", count("activity"))),
    )
    give(
        customer="id\n c",
        invoice="""
            id customer_id issued_on  due_on     amount
            a  c           2026-06-01 2026-07-01 10
            b  c           2026-07-01 2026-08-01 90
            d  c           -          -          3
        """,
        activity="id customer_id at\n a c 2026-06-01\n b c -\n d c 2026-06-21",
        time=JUNE,
        registry=registry,
    )
    sql = "SELECT billed, written, next_due, calls FROM kpi.customer"
    assert ask(sql) == [(Decimal(103), Decimal(13), date(2026, 8, 1), 2)]


def test_a_date_that_a_definition_gives_is_ahead_until_its_day(give, ask) -> None:
    how = RollUp("customer_id", count("order", when="coalesce(ordered_on, date '2026-07-01')"))
    registry = with_own("customer", ("until_july", Type.INTEGER, how))
    give(customer="id\n c", order="id customer_id ordered_at\n a c -\n b c 2026-06-01", time=JUNE, registry=registry)
    assert ask("SELECT until_july FROM kpi.customer") == [(1,)]
    give(time=REACHED, registry=registry)
    assert ask("SELECT until_july FROM kpi.customer") == [(2,)]


def test_only_what_reads_a_row_that_the_data_has_reached_is_made_anew(give, ask) -> None:
    orders = "id customer_id ordered_at\n a c 2026-06-01\n b c 2026-06-22\n d c 2026-07-25"
    give(invoice="id\n i", payment="id invoice_id received_on amount\n a i 2026-06-22 1", order=orders, time=JUNE)
    made = "SELECT entity, made FROM book.entity WHERE entity IN ('customer', 'invoice', 'order') ORDER BY entity"
    first = ask(made)
    give(time=datetime(2026, 6, 23, 12, tzinfo=UTC))
    second = ask(made)
    give(time=datetime(2026, 6, 24, 12, tzinfo=UTC))
    third = ask(made)
    assert [now != before for now, before in zip(second, first, strict=True)] == [True, True, False]
    assert third[1:] == second[1:]


def test_a_field_may_see_the_day_of_the_data_and_is_made_anew_with_each_day(give, ask) -> None:
    age = Field("lead", "age", Type.INTEGER, "Days.", how=("days(created_on, period.as_of)",))
    registry = crm_registry(fields=(("test", age),))
    give(lead="id created_at\n l 2026-06-18", time=JUNE, registry=registry)
    assert ask("SELECT age FROM kpi.lead") == [(2,)]
    give(time=datetime(2026, 6, 21, 12, tzinfo=UTC), registry=registry)
    assert ask("SELECT age FROM kpi.lead") == [(3,)]


def test_the_date_of_a_row_may_be_made_of_what_is_rolled_up(give, ask) -> None:
    """Calls have their day from the team, and it has its own from their number: the circle is cut at the count."""
    tour = (
        Field("team", "visits", Type.INTEGER, "Visits.", how=(RollUp("team_id", count("activity")),)),
        Field("team", "planned_at", Type.MOMENT, "Plan.", how=("case when visits > 1 then given.planned_at end",)),
    )
    day = Field("activity", "at", Type.MOMENT, "When.", how=(LookUp("team_id", "team", "planned_at"),))
    registry = crm_registry(fields=(*(("test", each) for each in tour), ("test", day)))
    give(
        team="id planned_at\n t 2026-06-01\n s 2026-06-01",
        activity="id team_id at\n a t 2026-06-02\n b t 2026-07-25\n c t -\n d s -",
        time=JUNE,
        registry=registry,
    )
    assert ask("SELECT id, visits FROM kpi.team ORDER BY id") == [("s", 1), ("t", 2)]
    assert ask('SELECT id, "on" FROM kpi.activity ORDER BY id') == [
        ("a", date(2026, 6, 2)),
        ("b", date(2026, 7, 25)),
        ("c", None),
        ("d", None),
    ]
