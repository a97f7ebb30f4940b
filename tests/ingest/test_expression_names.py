"""What the expression of a field may name stands wherever expressions are walked and printed, also where it is told."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kpicore import Field, Type
from tests.crm import crm_registry
from tests.said import note_texts

ORDERS = "id customer_id ordered_at amount currency\n A c1 2025-01-05T23:30 100.0001 EUR\n B c1 2025-07-20 8 EUR"
RATES = "currency rate_on rate\n EUR 2025-01-01 1.1"


def _own(how: str) -> object:
    return crm_registry(fields=(("mine", Field("order", "own", Type.MONEY, "Own.", how=(how,))),))


@pytest.mark.parametrize(
    ("how", "values", "told"),
    [
        # A is 110.0001100 in dollars, which are kept as 110.0001; B is 8.8
        ("amount * 0.12345", ("13.5795", "1.0864"), 2),
        ("given.amount * 0.12345", ("13.5795", "1.0864"), 2),
        ("case when ordered_on < period.as_of then amount * 0.12345 end", ("13.5795", None), 1),
        ("case when given.ordered_on < period.as_of then given.amount * 0.12345 end", ("13.5795", None), 1),
        ("case when ordered_at is not null then amount * setting.part end", ("13.5795", "1.0864"), 2),
        ("case when given.ordered_at is null then amount * setting.part else 0 end", ("0.0000", "0.0000"), 0),
    ],
)
def test_an_amount_may_be_made_of_every_name_and_what_was_rounded_of_it_is_told(give, ask, state, how, values, told):
    registry = _own(how)
    give(order=ORDERS, fx_rate=RATES, registry=registry, settings={"part": 0.12345})
    assert ask('SELECT own FROM kpi."order" ORDER BY id') == [(Decimal(value) if value else None,) for value in values]
    notes = [note for note in note_texts(state().entities["order"].notes) if "own is" in note]
    amounts = "1 amount was" if told == 1 else f"{told} amounts were"
    assert notes == ([f"{amounts} rounded to 4 decimals: own is {how}"] if told else [])
