"""A result already returned never changes, and no answer depends on what was asked before it, whatever is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kpicore import (
    Answer,
    CellCall,
    CellFailure,
    KpiError,
    Listing,
    Question,
    WarehouseError,
    Workspace,
    count,
    standing,
)
from kpicore.engine import engine as engine_module
from kpicore.engine.explain.explain import Explanation, explained
from kpicore.engine.plan import requests
from kpicore.engine.plan.cube_store import FILE, CubeStore
from kpicore.engine.prepare import shapes
from kpicore.spreadsheet.answering import Answering
from kpicore_crm.testing import load_tiny_company
from tests.engine.shapes import METRICS, NAMES, PERIODS, Asked, Filters, asked, cuts, question
from tests.engine.worlds import at, config_of, load_tables, sharing, workspace
from tests.fresh import fresh
from tests.loops import loop

DEALS = """
    id owner_id closed_at  amount
    d1 u1       2025-01-05 10
    d2 u2       2025-02-05 20
"""
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
    return [(answer.question, answer.value, answer.reason, answer.inputs, answer.n, answer.notes) for answer in answers]


def workings(found: Explanation, rows: bool = True) -> list[object]:
    """Return what an explanation shows, with the rows behind it."""
    inputs = [(each.name, each.value, each.n, each.rows() if rows else None) for each in found.inputs]
    return [plain([found.answer]), inputs, *(workings(each.below, rows) for each in found.inputs if each.below)]


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
        self.patch.setattr(shapes, "MOST_SHAPES", few)
        self.patch.setattr(shapes, "MOST_LISTED", listed)
        self.patch.setattr(requests, "MOST_PERIODS", few)
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
            expected, _ = self.known([answer.question for answer in answers])
            same(plain(answers), expected)
            same(values, [answer.value for answer in answers])

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


def same(found: object, expected: object) -> None:
    assert found == expected


def refused_as(refusal: KpiError | None) -> AbstractContextManager[object]:
    return nullcontext() if refusal is None else pytest.raises(type(refusal), match=re.escape(str(refusal)))


@loop("sequences of 20 requests (answers, tables, explanations, cells, listings) to one engine", ci=12, soak=500)
class TestAsking(Asking.TestCase):
    settings = settings(deadline=None, stateful_step_count=20)


@pytest.fixture(autouse=True, scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    Asking.folder = tmp_path_factory.mktemp("asking")
    load_tiny_company(Asking.folder)
    with workspace(config_of(Asking.folder), METRICS) as Asking.base:
        yield


def test_a_result_stays_over_a_load_and_a_closed_workspace(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    load_tables(config, {"opportunity": DEALS}, at=at("2025-07-15"))
    with workspace(config, METRICS) as opened:
        table = opened.get("single.total", "2025-Q1", by="rep", grain="month")
        looked_at, found = opened.get("single.total", "2025-Q1", by="rep"), opened.explain("single.total", "2025-Q1")
        before = plain(list(looked_at.answers)), workings(found)[0], found.inputs[0].rows().total
        load_tables(config, {"opportunity": "id closed_at amount\nd1 2025-02-02 5000"}, at=at("2025-07-16"))
        opened.close()
        assert opened.get("single.total", "2025-Q1").values() == [5020]
        assert table.values() == [answer.value for answer in table.answers] == [10, 0, None, 0, 20, None]
        assert before == (plain(list(looked_at.answers)), workings(found, rows=False)[0], 2)
        assert looked_at.values() == [10, 20]
        with pytest.raises(WarehouseError, match=r"has been closed\. Ask again\.$"):
            found.inputs[0].rows()


def test_a_table_of_what_is_set_as_a_target_needs_the_data_no_more(tmp_path: Path) -> None:
    load_tiny_company(tmp_path)
    opened = workspace(config_of(tmp_path), METRICS)
    table = opened.get("formulas.of_target", "2025-Q1", by="rep")
    opened.close()
    assert table.values() == [answer.value for answer in table.answers]
    # 300 of the 400 that rep u1 was to sell; nobody set anything for the others
    assert {answer.question.cuts[0][1][0]: answer.value for answer in table.answers if answer.value} == {
        "Ann Lee [u1]": 0.75
    }


def test_reading_that_is_broken_off_leaves_nothing_half_read(company: None, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = sharing(Asking.base, METRICS)
    query = opened.warehouse.query

    class BrokenOff(list[tuple[object, ...]]):
        def __iter__(self) -> Iterator[tuple[object, ...]]:
            yield self[0]
            raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(opened.warehouse, "query", lambda *given: BrokenOff(query(*given)))
        opened.engine.groups([[question(opened, (("single", "total"), "2025", ()))]], ("channel",))
    opened_anew = sharing(Asking.base, METRICS)
    assert opened.get("single.total", "2025", by="channel").values() == [
        answer.value for answer in opened_anew.get("single.total", "2025", by="channel").answers
    ]


def test_threads_may_ask_one_engine(company: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "MOST_CELLS", 100)
    monkeypatch.setattr(engine_module, "MOST_ANSWERS", 10)
    monkeypatch.setattr(engine_module, "MANY_MEMBERS", 3)
    opened = sharing(Asking.base, METRICS)
    questions = [question(opened, (name, period, ())) for name in NAMES for period in ("2025-Q1", "2025-02")]
    alone = sharing(Asking.base, METRICS)
    expected, tables = plain(fresh(alone).answer(questions)), tables_of(alone)

    def ask(at: int) -> None:
        one = questions[at % len(questions)]
        same(plain(opened.engine.answer([one])), [expected[at % len(questions)]])
        same(tables_of(opened), tables)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ask, range(3 * len(questions))))


def tables_of(opened: Workspace) -> list[list[float | None]]:
    return [opened.get("single.count", period, by=["rep", "channel"]).values() for period in ("2025-Q1", "2025-01")]
