"""A result already returned never changes, and no answer depends on what was asked before it, whatever is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kpicore import Answer, CellCall, CellFailure, KpiError, Listing, Question, Workspace, count, standing
from kpicore.cells.answering import Answering
from kpicore.engine import engine as engine_module
from kpicore.engine import leaves, prepared
from kpicore.engine.engine import Engine
from kpicore.engine.explain import Explanation, explained
from kpicore.engine.reading.scans import Filters
from kpicore.engine.store import FILE, CubeStore
from kpicore.testing.company import load_tiny_company
from tests.engine.shapes import METRICS, NAMES, PERIODS, Asked, asked, cuts, question
from tests.engine.worlds import config_of, sharing, workspace
from tests.loops import loop

Name = tuple[str, str]
DIMENSIONS = ("rep", "channel", "segment")
WON = Listing(
    "won",
    "Won",
    order="amount",
    columns={"Deal": "id", "Amount": "amount"},
    rows=count("opportunity", when="closed_on", where="outcome = 'won'"),
)
OPEN = replace(WON, id="open", rows=standing("opportunity", since="created_on", until="closed_on"))
USUAL = {"MANY_MEMBERS": engine_module.MANY_MEMBERS, "WORTH_KEEPING": engine_module.WORTH_KEEPING}


def plain(answers: list[Answer]) -> list[tuple[object, ...]]:
    return [(each.question, each.value, each.reason, each.inputs, each.n, each.notes) for each in answers]


def workings(found: Explanation) -> list[tuple[object, ...]]:
    below = [workings(each.below) if each.below else [each.value, each.n, each.rows()] for each in found.inputs]
    return [*plain([found.answer]), *(tuple(each) for each in below)]


class Asking(RuleBasedStateMachine):
    """Asks an engine with little room; each result must be that of an engine asked nothing else, and stay so."""

    folder: Path
    base: Workspace

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.expected: dict[object, Any] = {}
        self.checks: list[Callable[[], None]] = []

    @initialize(
        members=st.sampled_from((1, 4, 2_000)),
        cells=st.sampled_from((1, 200, 2_000_000)),
        few=st.sampled_from((1, 7, 20_000)),
        listed=st.sampled_from((1, 1_000)),
        on_disk=st.booleans(),
    )
    def open(self, members: int, cells: int, few: int, listed: int, on_disk: bool) -> None:
        self.patch.setattr(engine_module, "MANY_MEMBERS", members)
        self.patch.setattr(engine_module, "MOST_CELLS", cells)
        self.patch.setattr(engine_module, "MOST_ANSWERS", few)
        self.patch.setattr(prepared, "MOST_SHAPES", few)
        self.patch.setattr(prepared, "MOST_LISTED", listed)
        self.patch.setattr(leaves, "MOST_PERIODS", few)
        self.patch.setattr(engine_module, "WORTH_KEEPING", 0 if on_disk else 100_000)
        (self.folder / FILE).unlink(missing_ok=True)
        self.on_disk = on_disk
        self.begin()

    @rule()
    def begin(self) -> None:
        """Go on in a new process, which finds what was kept on disk."""
        self.opened = sharing(self.base, METRICS)
        store = CubeStore(self.folder / FILE, self.base.warehouse.state.version) if self.on_disk else None
        self.opened.__dict__["engine"] = fresh(self.opened, store)
        self.cells = Answering(self.opened)

    @rule(given=st.lists(asked(), min_size=1, max_size=4))
    def answer(self, given: list[Asked]) -> None:
        questions = [question(self.opened, each) for each in given]
        expected, refusal = self.known(questions)
        with refused_as(refusal):
            found = self.opened.engine.answer(questions)
            self.check(lambda: same(plain(found), expected))

    @rule(
        names=st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True),
        period=st.sampled_from(PERIODS),
        by=st.lists(st.sampled_from(DIMENSIONS), min_size=1, max_size=3, unique=True),
        cut=cuts(),
        grain=st.sampled_from((None, "month", "quarter")),
        is_looked_at=st.booleans(),
    )
    def table(
        self, names: list[Name], period: str, by: list[str], cut: Filters, grain: str | None, is_looked_at: bool
    ) -> None:
        where = {name: list(values) for name, values in cut}
        try:
            result = self.opened.get([".".join(each) for each in names], period, by=by, grain=grain, where=where)
        except KpiError:
            return  # `answer` compares refusals

        def looked_at() -> None:
            values, answers = result.values(), list(result.answers)
            expected, _ = self.known([each.question for each in answers])
            same(plain(answers), expected)
            same(values, [each.value for each in answers])

        self.check(looked_at, at_once=is_looked_at)

    @rule(given=asked())
    def explain(self, given: Asked) -> None:
        one = question(self.opened, given)
        expected, refusal = self.known(one)
        with refused_as(refusal):
            found = explained(self.opened.engine, one)
            self.check(lambda: same(workings(found), expected))

    @rule(given=st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(PERIODS), st.sampled_from(DIMENSIONS))))
    def cell(self, given: list[tuple[Name, str, str]]) -> None:
        calls = [CellCall("KPI", (".".join(name), period, by, "(none)")) for name, period, by in given]
        for (name, period, by), shown in zip(given, self.cells.answer(calls), strict=True):
            expected, _ = self.known([question(self.opened, (name, period, ((by, ("(none)",)),)))])
            if isinstance(shown, float):
                same([shown], [each[1] for each in expected])
            else:
                assert isinstance(shown, CellFailure) and (expected is None or expected[0][1] is None)

    @rule(listing=st.sampled_from((WON, OPEN)), period=st.sampled_from(PERIODS), cut=cuts())
    def listed(self, listing: Listing, period: str, cut: Filters) -> None:
        where = {name: list(values) for name, values in cut}
        same(self.opened.listed(listing, period, where), sharing(self.base, METRICS).listed(listing, period, where))

    @invariant()
    def the_latest_results_are_as_they_were(self) -> None:
        for check in self.checks[-3:]:
            check()

    def teardown(self) -> None:
        for check in self.checks:
            check()
        self.patch.undo()

    def check(self, check: Callable[[], None], *, at_once: bool = True) -> None:
        if at_once:
            self.checks.append(check)
            check()
        else:
            self.checks.insert(0, check)

    def known(self, asked: Question | list[Question]) -> tuple[Any, KpiError | None]:
        """Return what an engine with the usual limits says, or how it refuses, when it is asked nothing else."""
        key = tuple(asked) if isinstance(asked, list) else asked
        if key not in self.expected:
            with pytest.MonkeyPatch.context() as usual:
                for name, limit in USUAL.items():
                    usual.setattr(engine_module, name, limit)
                engine = fresh(self.opened)
                try:
                    several = isinstance(asked, list)
                    found = plain(engine.answer(asked)) if several else workings(explained(engine, asked))
                    self.expected[key] = found, None
                except KpiError as refusal:
                    self.expected[key] = None, refusal
        return self.expected[key]


def fresh(opened: Workspace, store: CubeStore | None = None) -> Engine:
    return Engine(opened.registry, opened.definitions, opened.warehouse, opened.calendar, store)


def same(found: object, expected: object) -> None:
    assert found == expected


def refused_as(refusal: KpiError | None) -> AbstractContextManager[object]:
    return nullcontext() if refusal is None else pytest.raises(type(refusal), match=re.escape(str(refusal)))


@loop("sequences of 20 requests (answers, tables, explanations, cells, listings) to one engine", ci=12, soak=2_000)
class TestAsking(Asking.TestCase):
    settings = settings(deadline=None, stateful_step_count=20)


@pytest.fixture(autouse=True, scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    Asking.folder = tmp_path_factory.mktemp("asking")
    load_tiny_company(Asking.folder)
    with workspace(config_of(Asking.folder), METRICS) as Asking.base:
        yield
