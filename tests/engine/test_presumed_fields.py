"""What fields presume through the fields that they are filled from, also around circles: whoever is asked first."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from itertools import permutations
from pathlib import Path

from kpicore import Config, Field, Type
from kpicore.engine.prepare.presumptions import Presumed
from kpicore.warehouse import State
from tests.crm import crm_registry

DEAL = "opportunity"
Fields = dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
"""By name what a field is said to presume, and the expressions that fill it."""


def presumed(fields: Fields) -> Presumed:
    own = [Field(DEAL, name, Type.NUMBER, name, presumes=said, how=how) for name, (said, how) in fields.items()]
    registry = crm_registry(fields=[("test", field) for field in own])
    now = datetime(2026, 1, 1, tzinfo=UTC)
    calendar = Config(Path(), "Test").calendar()
    return Presumed(registry, {}, None, State("1", now, now, {}), calendar, date(2026, 1, 1))  # type: ignore[arg-type]


def in_order(fields: Fields, names: tuple[str, ...]) -> dict[str, list[str]]:
    asked = presumed(fields)
    return {name: sorted(asked.column(DEAL, name)) for name in names}


def test_two_fields_that_fill_each_other_presume_the_same_in_either_order() -> None:
    fields = {"fa": (("p",), ("fb",)), "fb": ((), ("fa",))}
    for names in permutations(fields):
        assert in_order(fields, names) == {"fa": ["p"], "fb": ["p"]}


def test_a_field_presumes_what_all_ways_to_fill_it_do() -> None:
    # fc needs p in both ways, fd has one that needs nothing
    fields: Fields = {
        "fa": (("p",), ()),
        "fb": (("p", "q"), ()),
        "fc": ((), ("fa", "fa + fb")),
        "fd": (("r",), ("fb", "amount")),
    }
    assert in_order(fields, ("fc", "fd")) == {"fc": ["p"], "fd": ["r"]}


def test_whichever_field_is_asked_first_each_presumes_the_same() -> None:
    chance = random.Random(4)
    for _ in range(12):
        names = [f"f{at}" for at in range(5)]
        fields = {name: (said(chance), ways(chance, names)) for name in names}
        expected = {name: in_order(fields, (name,))[name] for name in names}
        for _ in range(3):
            order = tuple(chance.sample(names, len(names)))
            now = in_order(fields, order)
            assert {name: now[name] for name in names} == expected, fields
        assert all({*fields[name][0]} <= {*expected[name]} for name in names)


def said(chance: random.Random) -> tuple[str, ...]:
    return tuple(sorted(chance.sample(("p", "q", "r"), chance.choice((0, 0, 1)))))


def ways(chance: random.Random, names: list[str]) -> tuple[str, ...]:
    return tuple(" + ".join(chance.sample(names, chance.choice((1, 2)))) for _ in range(chance.choice((0, 1, 2))))
