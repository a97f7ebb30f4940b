"""The cells of a table of KPIs, column by column: numbers, and in their place the reason why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kpicore.calendar import Grain, Period, progress
from kpicore.engine.answer.answer_table import AnswerTable
from kpicore.engine.compile.definitions import Definition
from kpicore.engine.engine import Engine
from kpicore.engine.plan.cubes import Members
from kpicore.engine.plan.scans import Filters
from kpicore.engine.scan.ports import TargetValue
from kpicore.insight.bands import verdict_on, verdicts
from kpicore.model.figures import attainment
from kpicore.model.notes import Note
from kpicore.model.questions import Answer, Question
from kpicore.spreadsheet.table_columns import BEFORE, CHANGE, REACHED, STATUS, TARGET, VALUE
from kpicore.spreadsheet.values import CellFailure, CellScalar, changed, code_of
from kpicore.targets.attainment import beside_target
from kpicore.turns import one_by_one
from kpicore.wording.wording import Wording

Number = float | CellFailure


@dataclass(frozen=True, slots=True)
class TableQuestions:
    """What a table asks of the engine of its day: a series a KPI, and those that they are compared with.

    `members` are those of the dimensions `by`, which are sorted; rows stand by period, and then as they do. With
    `running` each period is all up to the end of a unit of that grain.
    """

    engine: Engine
    wording: Wording
    series: Sequence[Sequence[Question]]
    earlier: Sequence[Sequence[Question]]
    by: tuple[str, ...]
    members: Sequence[Members]
    running: Grain | None = None

    def columns(self, kinds: Sequence[str]) -> Iterator[list[CellScalar]]:
        """Yield the cells of each column of these kinds, KPI by KPI."""
        rows = [self.members] * len(self.series)
        tables = self.engine.tables_of(self.series, self.by, rows)
        earlier = self.engine.tables_of(self.earlier, self.by, rows) if self.earlier else tables
        reasons, places, cuts = _Reasons(self.wording), self._places(), self._cuts()
        for questions, table, before in zip(self.series, tables, earlier, strict=True):
            now: Sequence[Answer] = self.engine.to_date(list(table), self.running) if self.running else table
            cells = _KpiCells(self.engine, reasons, questions, now, before, places, cuts).of(kinds)
            yield from (cells[kind] for kind in kinds)

    def _places(self) -> list[int]:
        """Return where in a table of answers, which goes member by member, each row stands."""
        # of 3 periods, the second member's stand at 3, 4 and 5
        periods, members = len(self.series[0]), len(self.members)
        return [member * periods + period for period in range(periods) for member in one_by_one(range(members))]

    def _cuts(self) -> list[Filters]:
        """Return what each member's questions are cut by."""
        others = [cut for cut in self.series[0][0].cuts if cut[0] not in self.by]
        return [
            tuple(sorted((*others, *((name, (value,)) for name, value in zip(self.by, member, strict=True)))))
            for member in one_by_one(self.members)
        ]


class _Reasons:
    """The errors that tell why numbers are not there; thousands of cells share a few."""

    def __init__(self, wording: Wording) -> None:
        self.wording = wording
        self._made: dict[tuple[str | None, Note | None, bool], CellFailure] = {}

    def why(self, reason: str | None, detail: Note | None, *, of_target: bool = False) -> CellFailure:
        """Return the error for a reason; `of_target` for that why nothing can be said of a target."""
        key = reason, detail, of_target
        if key not in self._made:
            words = self.wording.unattained if of_target else self.wording.why
            self._made[key] = CellFailure(code_of(reason), words(reason, detail))
        return self._made[key]


@dataclass(frozen=True, slots=True)
class _KpiCells:
    """Fills the columns of one KPI."""

    engine: Engine
    reasons: _Reasons
    questions: Sequence[Question]
    answers: Sequence[Answer]
    earlier: Sequence[Answer]
    places: Sequence[int]
    cuts: Sequence[Filters]

    def of(self, kinds: Sequence[str]) -> Mapping[str, list[CellScalar]]:
        """Return the cells of each kind, row by row."""
        now = self._numbers(self.answers)
        cells: dict[str, list[CellScalar]] = {VALUE: [*now]}
        if BEFORE in kinds:
            before = self._numbers(self.earlier)
            cells |= {BEFORE: [*before], CHANGE: self._changes(now, before)}
        if TARGET in kinds:
            targets = self._targets()
            cells |= {TARGET: [*map(self._target, targets)], REACHED: self._reached(now, targets)}
        if STATUS in kinds:
            cells[STATUS] = self._statuses(now)
        return cells

    def _numbers(self, answers: Sequence[Answer]) -> list[Number]:
        # whole answers take ten times as long as their numbers: they are looked at for the reason alone
        values = answers.values() if isinstance(answers, AnswerTable) else [answer.value for answer in answers]
        numbers: list[Number] = []
        for place in one_by_one(self.places):
            value = values[place]
            numbers.append(self._why(answers[place]) if value is None else value)
        return numbers

    def _why(self, answer: Answer) -> CellFailure:
        return self.reasons.why(answer.reason, answer.detail)

    @property
    def _definition(self) -> Definition:
        return self.engine.definitions.get(self.questions[0].metric, self.questions[0].variant)

    def _row_periods(self, questions: Sequence[Question]) -> Iterator[Period]:
        """Yield the period of each row."""
        return (question.period for question in questions for _ in self.cuts)

    def _changes(self, now: Sequence[Number], before: Sequence[Number]) -> list[CellScalar]:
        unit, wording = self._definition.unit, self.reasons.wording
        periods = self._row_periods([answer.question for answer in self.earlier[: len(self.questions)]])
        rows = one_by_one(zip(now, before, periods, strict=True))
        return [changed(value, earlier, unit, period, wording) for value, earlier, period in rows]

    def _targets(self) -> list[TargetValue]:
        find = self.engine.targets.read().find
        asked = ((question, cuts) for question in self.questions for cuts in one_by_one(self.cuts))
        return [find(question.metric, question.variant, question.period, cuts) for question, cuts in asked]

    def _target(self, target: TargetValue) -> Number:
        return self.reasons.why(target.reason, target.detail) if target.value is None else target.value

    def _reached(self, now: Sequence[Number], targets: Sequence[TargetValue]) -> list[CellScalar]:
        better = self._definition.metric.better
        cells: list[CellScalar] = []
        for place, value, target in one_by_one(zip(self.places, now, targets, strict=True)):
            reached = None if isinstance(value, CellFailure) else attainment(value, target.value, better)
            cells.append(self._not_reached(place, target) if reached is None else reached)
        return cells

    def _not_reached(self, place: int, target: TargetValue) -> CellFailure:
        if target.value is None:
            return self.reasons.why(target.reason, target.detail, of_target=True)
        beside = beside_target(self.engine, self.answers[place], target)
        return self.reasons.why(beside.reason, beside.detail, of_target=True)

    def _statuses(self, now: Sequence[Number]) -> list[CellScalar]:
        definition, today = self._definition, self.engine.today_of(self.questions[0])
        of_metric = verdicts(definition.metric, definition.variant, definition.unit)
        cells: list[CellScalar] = []
        for value, running in one_by_one(zip(now, self._running(today), strict=True)):
            number = None if isinstance(value, CellFailure) else value
            judgement = None if number is None else verdict_on(number, of_metric, in_progress=running)
            cells.append((judgement.status or None) if judgement else None)
        return cells

    def _running(self, today: date) -> Iterator[bool]:
        """Yield for each row whether its period is in progress."""
        for question in self.questions:
            running = progress(question.period, today) > 0
            yield from (running for _ in self.cuts)
