"""An own field that copies one with codes speaks its words: a definition never compares it with a word in vain."""

from __future__ import annotations

import pytest

from kpicore import Field, LookUp, Registry, Type, open_workspace
from kpicore.testing import run_kpi
from tests.crm import crm_registry

FIELDS = """
[field.opportunity.result]
type = "text"
meaning = "How it went."
how = "outcome"

[field.opportunity.end]
type = "text"
meaning = "How it went, as said before."
how = [ "result", { look_up = "stage.outcome", through = "stage_id" } ]
"""


@pytest.mark.parametrize("field", ["outcome", "result", "end"])
@pytest.mark.parametrize("word", ["won", "Closed Won", "gewonnen"])
def test_a_copy_of_a_field_with_codes_is_compared_as_that_one_is(own, field: str, word: str) -> None:
    metric = f"""
[metric.mine]
name = "Mine"
unit = "money"
inputs.n = {{ total = "opportunity", value = "amount", when = "closed_on", where = "{field} = '{word}'" }}
"""
    with open_workspace(own(fields=FIELDS, mine=metric)) as opened:
        # Won in 2025-Q1: 100, 300, 200 and 400.
        assert opened.get("mine", "2025-Q1").answers[0].value == 1000


def test_a_word_that_is_no_code_of_a_copy_is_refused(own) -> None:
    metric = """
[metric.mine]
name = "Mine"
unit = "count"
inputs.n = { count = "opportunity", when = "closed_on", where = "end = 'wonn'" }
"""
    result = run_kpi("check", "-w", str(own(fields=FIELDS, mine=metric)))
    assert result.exit_code != 0
    assert "'wonn' is no word of 'end'. Did you mean 'won'?" in result.stdout + result.stderr


def _with(*fields: Field) -> Registry:
    return crm_registry(fields=tuple(("x", field) for field in fields))


def _text(name: str, *how: object) -> Field:
    return Field("order", name, Type.TEXT, "Any.", how=how)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "field",
    [
        _text("state", "case when amount > 1 then status else 'big' end"),
        _text("state", "status", "channel"),
        _text("state", "status", "'none'"),
        _text("state", "given.status"),
        _text("state", "customer_id"),
        _text("state", LookUp("customer_id", "customer", "name")),
        _text("state", "state"),
        _text("state"),
        Field("order", "state", Type.TEXT, "Any."),
    ],
    ids=lambda each: str(each.how),
)
def test_a_field_that_may_hold_anything_else_has_no_codes(field: Field) -> None:
    found = _with(field).entity("order").field("state")
    assert found is not None and found.codes is None


def test_look_ups_and_copies_of_copies_have_the_codes() -> None:
    registry = _with(_text("b", "a"), _text("a", LookUp("customer_id", "customer", "segment"), "segment"))
    segment = registry.codes("order")["segment"]
    assert registry.codes("order")["a"] == registry.codes("order")["b"] == segment
    assert registry.entity("order").field("b_given") is not None
