"""Fields in definitions files: expressions, look-ups, roll-ups, and standing in for given ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kpicore import Field, LookUp, RollUp, Type, count, latest, load_plugins, median, open_workspace
from kpicore.definitions import parse_own
from kpicore.definitions.fields import FIELD_WORDS, standing_in
from kpicore.definitions.writer import definitions_text
from kpicore.testing import registry_of, run_kpi
from kpicore_crm.testing import DATA_TIME, tiny_company

FIELDS = [field for entity in registry_of(load_plugins(())).entities.values() for field in entity.fields if field.how]
WAYS = """
[field.order.tag]
type = "text"
meaning = "Any."
how = [
  "'a'",
  { look_up = "customer.segment", through = "customer_id" },
  { latest = "order_line", value = "product_id", when = "ordered_on", key = "order_id" },
]
"""


@pytest.mark.parametrize("field", FIELDS, ids=lambda each: f"{each.entity}.{each.name}")
def test_every_made_field_can_be_written_and_read(field: Field) -> None:
    file = parse_own(definitions_text([], (), [(field, True)]), "x.toml")
    assert file.flaws == ()
    (found,) = file.fields
    assert standing_in(found, replace(field, how=(), meaning="", tracked=True), file.said(field)) == field
    assert file.replaces == {(field.entity, field.name)}
    assert {each: getattr(found, each) for each in FIELD_WORDS} == {each: getattr(field, each) for each in FIELD_WORDS}


def test_a_field_tries_several_ways_in_order() -> None:
    (field,) = parse_own(WAYS, "x").fields
    assert field.how == (
        "'a'",
        LookUp("customer_id", "customer", "segment"),
        RollUp("order_id", latest("order_line", "product_id", when="ordered_on")),
    )
    one = Field("customer", "n", Type.INTEGER, "Any.", how=(RollUp("customer_id", count("order")),), unit="orders")
    other = replace(one, how=(RollUp("customer_id", median("order", "amount", where="amount > 1")), "0"), plan=True)
    for each in (one, other, replace(one, how=(), refers_to="user")):
        assert parse_own(definitions_text([], (), [(each, False)]), "x").fields == (each,)


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ('{ look_up = "segment", through = "customer_id" }', "it looks up a field of an entity. Write look_up ="),
        ('{ look_up = "customer.segment" }', "it needs a 'through'."),
        ('{ total = "order", key = "customer_id" }', "it needs a 'value'."),
        ('{ count = "order" }', "it needs a 'key'."),
        ('{ standing = "order", key = "customer_id" }', "a way to fill a field is a text, a look-up or a roll-up."),
        ('{ count = "order", key = "customer_id", expects = {} }', "no key named 'expects' in a roll-up."),
        ("[1]", "'how' is a text in quotes, a table or a list of them"),
    ],
)
def test_a_way_that_cannot_be_is_told_with_its_line(how: str, told: str) -> None:
    text = f'[field.customer.x]\ntype = "number"\nmeaning = "Any."\nhow = {how}\n'
    (flaw,) = parse_own(text, "x.toml").flaws
    assert str(flaw).startswith("x.toml, line 4: field 'customer.x': ") and told in str(flaw)


def test_own_look_ups_and_roll_ups_are_made(own) -> None:
    text = """
[field.opportunity.of_segment]
type = "text"
meaning = "Segment."
how = { look_up = "customer.name", through = "customer_id" }
dimension = true

[field.customer.won]
type = "integer"
meaning = "Won deals."
how = { count = "opportunity", where = "outcome = 'won'", key = "customer_id" }

[metric.won_of_customers]
name = "Won"
unit = "count"
inputs.n = { total = "customer", value = "won", when = "created_on" }
"""
    with open_workspace(own(fields=text)) as opened:
        # Won in 2025-Q1: Acme 100 and 300, Blue 200 and 400.
        found = opened.get("total_sales.booked", "2025-Q1", by="of_segment")
        assert [(answer.question.cuts[0][1][0], answer.value) for answer in found.answers] == [
            ("Acme", 400),
            ("Blue", 600),
        ]
        rows = opened.warehouse.query("SELECT name, won FROM kpi.customer ORDER BY name")
        assert rows == [("Acme", 3), ("Blue", 2), ("Coco", 0), ("Dune", 0), ("Echo", 2)]


def test_a_field_of_the_core_is_replaced_only_when_it_says_so(own) -> None:
    text = """
[field.opportunity.outcome]
type = "text"
meaning = "Everything that is closed is won."
how = ["case when closed_at is not null then 'won' else 'open' end"]
"""
    folder = own(fields=text)
    checked = run_kpi("check", "-w", str(folder))
    assert "metrics/fields.toml, line 2: field 'opportunity.outcome': the entity has it already" in checked.stdout
    with open_workspace(folder) as opened:
        opened.load([tiny_company(opened.registry)], data_time=DATA_TIME)
        replaced = opened.registry.entity("opportunity").field("outcome")
        assert replaced is not None and replaced.how != ("case when closed_at is not null then 'won' else 'open' end",)
    own(fields=text.replace("type =", "replaces = true\ntype ="))
    with open_workspace(folder) as opened:
        before = opened.registry.problems
        found = opened.registry.entity("opportunity").field("outcome")
        assert before == () and found is not None and found.tracked == replaced.tracked


def test_a_field_of_the_core_that_is_replaced_for_a_while_is_made_anew_each_time(own) -> None:
    file = own(fields="") / "metrics" / "fields.toml"
    every = """
[field.customer.order_count]
type = "integer"
meaning = "Orders, cancelled ones too."
how = { count = "order", key = "customer_id" }
replaces = true
"""
    for text, orders in (("", 7), (every, 8), ("", 7), (every, 8), ("", 7)):
        file.write_text(text, encoding="utf-8")
        with open_workspace(file.parents[1]) as opened:
            assert opened.warehouse.query("SELECT sum(order_count) FROM kpi.customer") == [(orders,)]


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("opportunity.new_one", "it replaces nothing: there is no field of this name."),
        ("opportunity.amount", "what it replaces is money, and a field keeps its type."),
    ],
)
def test_a_field_that_replaces_what_it_cannot_is_refused(own, field: str, told: str) -> None:
    folder = own(fields=f"[field.{field}]\nreplaces = true\ntype = 'text'\nmeaning = 'x'\nhow = \"'a'\"\n")
    checked = run_kpi("check", "-w", str(folder))
    assert checked.exit_code == 1 and told in checked.stdout


def test_the_whole_list_holds_the_fields_and_may_be_used_as_it_is(own) -> None:
    folder = own(fields=WAYS)
    printed = run_kpi("list", "--toml", "-w", str(folder)).stdout
    file = parse_own(printed, "x.toml")
    assert {(each.entity, each.name) for each in FIELDS} < {(field.entity, field.name) for field in file.fields}
    assert ("order", "tag") not in file.replaces and ("opportunity", "outcome") in file.replaces
    (folder / "metrics" / "fields.toml").write_text(printed, encoding="utf-8")
    checked = run_kpi("check", "-w", str(folder))
    assert (checked.exit_code, checked.stdout[-12:]) == (0, "no problem.\n")
