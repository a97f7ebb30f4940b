"""The rows of targets are worked out once, by answers, whoever asks meanwhile and however often it fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event

import pytest

from kpicore import Answer, Definitions, GivenUp, Question, WarehouseError, Workspace
from kpicore.calendar.working_days import WorkingDays
from kpicore.engine.scan.ports import Relation
from kpicore.targets.relation import WorkspaceTargets
from tests.targets.conftest import Company

TREE = """
    id    kpi_id      period  value owner_id unit  parent_target_id
    sales total_sales 2026-Q3 700   -        money -
    ann   total_sales 2026-Q3 500   u1       money sales
"""


class Asked:
    """Answers as the workspace's engine does, once `before` it has been called."""

    def __init__(self, of: Workspace, before: Callable[[], object]) -> None:
        self._engine, self._before, self.times = of.engine, before, 0

    @property
    def definitions(self) -> Definitions:
        return self._engine.definitions

    @property
    def working(self) -> WorkingDays:
        return self._engine.working

    def today_of(self, question: Question) -> date:
        return self._engine.today_of(question)

    def check(self, question: Question) -> None:
        self._engine.check(question)

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        self.times += 1
        self._before()
        return self._engine.answer(questions)


def targets_of(of: Workspace) -> WorkspaceTargets:
    return of.targets.over(of.warehouse, of.targets.members)


def test_who_asks_while_it_works_them_out_gets_none_and_the_rows_afterwards(company: Company) -> None:
    found = company(TREE)
    targets, meanwhile = targets_of(found), list[Relation | None]()
    asked = Asked(found, lambda: meanwhile.append(targets.rows(asked)))
    rows = targets.rows(asked)
    assert rows is not None and rows.known["id"] == ["sales", "ann"]
    assert rows.known["progress"] == [None, 0.8]  # Ann sold 400 of 500
    assert (meanwhile, targets.rows(asked), asked.times) == ([None], rows, 1)


def test_another_thread_waits_for_the_rows_and_does_not_work_them_out_again(company: Company) -> None:
    found = company(TREE)
    targets, begun, let_go = targets_of(found), Event(), Event()

    def wait() -> None:
        begun.set()
        assert let_go.wait(60)

    asked = Asked(found, wait)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(targets.rows, asked)
        assert begun.wait(60)
        second = threads.submit(targets.rows, asked)
        let_go.set()
        assert first.result() is second.result() is not None
    assert asked.times == 1


@pytest.mark.parametrize("failure", [WarehouseError, GivenUp])
def test_after_a_failure_the_next_who_asks_gets_the_rows(company: Company, failure: type[BaseException]) -> None:
    found = company(TREE)
    targets, failures = targets_of(found), [failure]

    def fail_once() -> None:
        if failures:
            raise failures.pop()("no room")

    asked = Asked(found, fail_once)
    with pytest.raises(failure):
        targets.rows(asked)
    assert targets.rows(asked) is not None
    assert asked.times == 2
