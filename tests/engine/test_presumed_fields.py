"""What fields presume through the fields that they are filled from, also around circles: whoever is asked first."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import permutations
from pathlib import Path

import pytest

from kpicore import Field, Type
from tests.crm import crm_registry
from tests.engine.worlds import config_of, sharing, workspace

DEAL = "opportunity"
Fields = dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
"""By name what a field is said to presume, and the expressions that fill it."""
InOrder = Callable[[Fields, tuple[str, ...]], dict[str, list[str]]]


@pytest.fixture(scope="module")
def in_order(tiny_folder: Path) -> Iterator[InOrder]:
    """Give `in_order(fields, names)`: what each field presumes, to an engine that is asked in this order."""
    with workspace(config_of(tiny_folder), ()) as base:

        def asked(fields: Fields, names: tuple[str, ...]) -> dict[str, list[str]]:
            own = [Field(DEAL, name, Type.NUMBER, name, presumes=said, how=how) for name, (said, how) in fields.items()]
            opened = sharing(base, ())
            opened.registry = crm_registry(fields=[("test", field) for field in own])
            presumed = opened.engine.preparation.presumed
            return {name: sorted(presumed.column(DEAL, name)) for name in names}

        yield asked


def test_two_fields_that_fill_each_other_presume_the_same_in_either_order(in_order: InOrder) -> None:
    fields: Fields = {"fa": (("p",), ("fb",)), "fb": ((), ("fa",))}
    for names in permutations(fields):
        assert in_order(fields, names) == {"fa": ["p"], "fb": ["p"]}


def test_a_field_presumes_what_all_ways_to_fill_it_do(in_order: InOrder) -> None:
    # fc needs p in both ways, fd has one that needs nothing
    fields: Fields = {
        "fa": (("p",), ()),
        "fb": (("p", "q"), ()),
        "fc": ((), ("fa", "fa + fb")),
        "fd": (("r",), ("fb", "amount")),
    }
    assert in_order(fields, ("fc", "fd")) == {"fc": ["p"], "fd": ["r"]}


def test_whichever_field_is_asked_first_each_presumes_the_same(in_order: InOrder) -> None:
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
