"""One question has one answer, however it is asked: the same value, rows behind it, reason and notes."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from kpicore import Workspace, load_plugins, write_config
from kpicore.testing import TinySource, batch
from kpicore_crm.testing import DATA_TIME
from tests.catalogue.companies import company
from tests.catalogue.random_company import random_company
from tests.catalogue.test_nothing_falls_out import with_gaps
from tests.loops import SEED, SOAK, loop
from tests.sweep.ways import Pair, cases, pairs, printed

MEMBERS = 30 if SOAK else 3
"""So many members of a dimension are asked for, chosen by dice."""
PRINTED = 25
"""A command opens the workspace anew, so only one case of so many is asked by one."""


def same(one: object, other: object) -> bool:
    """Whether two ways told the same; numbers may differ in their last digits, as they were added in another order."""
    if isinstance(one, float | int) and isinstance(other, float | int):
        return one == pytest.approx(other, rel=1e-12, abs=1e-9)
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[each], other[each]) for each in one)
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


@pytest.fixture(scope="module", params=["inactivity", "subscription"])
def of(request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """A company made by dice under one active rule, a tenth of whose cells are empty."""
    with tempfile.TemporaryDirectory() as folder:
        tables = with_gaps(random_company(SEED), SEED, 0.1)
        rule: str = request.param
        with company(
            Path(folder) / "swept", load_plugins(()), tables, active_rule=rule, qualified_stage=2, inactivity_days=90
        ) as opened:
            write_config(opened.config)  # for commands, which read it
            yield opened


OLD = ("cost", "lead", "subscription", "activity")
"""What the source gives that is 20 days behind the others."""


@pytest.fixture(scope="module")
def of_two_days() -> Iterator[Workspace]:
    """The same company, of which some entities are of 25 June and all others of 15 July."""
    with tempfile.TemporaryDirectory() as folder:
        tables = with_gaps(random_company(SEED), SEED, 0.1)
        with company(Path(folder) / "swept", load_plugins(()), {}, qualified_stage=2, inactivity_days=90) as opened:
            write_config(opened.config)
            for name, behind, day in (("desk", True, DATA_TIME - timedelta(days=20)), ("shop", False, DATA_TIME)):
                texts = {entity: text for entity, text in tables.items() if (entity in OLD) is behind}
                rows = tuple(batch(opened.registry, entity, text) for entity, text in texts.items())
                assert opened.load([TinySource(name, rows)], data_time=day).errors == ()
            yield opened


@loop("ways to ask one question of sources of two days", ci=60, soak=1_000)
def test_one_question_has_one_answer_where_sources_are_of_two_days(
    of_two_days: Workspace, rounds: int, chance: Random, record_property: Callable[[str, object], None]
) -> None:
    test_one_question_has_one_answer(of_two_days, rounds, chance, record_property)


@loop("ways to ask one question, over every KPI, variant and dimension", ci=120, soak=3_000)
def test_one_question_has_one_answer(
    of: Workspace, rounds: int, chance: Random, record_property: Callable[[str, object], None]
) -> None:
    every = cases(of)
    asked = every if rounds >= len(every) else chance.sample(every, rounds)
    tried: Counter[str] = Counter()
    differ: list[Pair] = []
    for number, case in enumerate(asked):
        some = [*pairs(of, case, chance, MEMBERS), *(printed(of, case, chance) if number % PRINTED == 0 else ())]
        for pair in some:
            tried[pair.way] += 1
            differ += [] if same(pair.one, pair.other) else [pair]
    record_property("tried", tried.total())
    assert differ == [], _few(differ)


def _few(differ: Sequence[Pair]) -> str:
    first = {each.way: each for each in reversed(differ)}.values()
    return "\n".join(f"{each.way}: {each.asked}\n  {each.one}\n  {each.other}" for each in first)
