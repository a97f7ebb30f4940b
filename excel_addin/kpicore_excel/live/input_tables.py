"""The numbers behind the formulas: three tables of inputs, apart by how they add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kpicore import (
    AddsUp,
    BadArgument,
    InputValue,
    KpiError,
    adds_up,
    code_of,
    input_words,
)
from kpicore_excel.live.live_kpis import Cuts, LiveKpi
from kpicore_excel.live.members import tuples
from kpicore_excel.live.request import Asked

if TYPE_CHECKING:
    from kpicore import Period, Workspace

REFUSED = "#VALUE!"
"""What a question that cannot be asked shows."""
_OF_PERIODS = ("no_data", "not_loaded", "not_started")
"""Reasons why there is no value in a period, whatever the cut; so are those of what nobody gave."""
MOST_CELLS = 2_000_000
MOST_ROWS = 1_000_000

Number = float | str
"""A number, or the native error that stands for a reason."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its name in formulas, and what it holds in words."""

    name: str
    words: str


@dataclass(slots=True)
class Table:
    """Rows that inputs of one kind are read from; see AddsUp.

    A row's key is the number of its part, period or question, then the number of a member for each dimension,
    0 where the row is not cut by it. What is not there is 0.
    """

    kind: AddsUp
    columns: list[Column] = field(default_factory=list)
    rows: dict[tuple[int, ...], dict[int, Number]] = field(default_factory=dict)

    def column(self, name: str, words: str) -> int:
        """Add a column; return its place."""
        self.columns.append(Column(name, words))
        return len(self.columns) - 1

    def ordered(self, dimension: int) -> list[tuple[int, ...]]:
        """Return the keys of the rows: members of the dimension at that place together, each in order of time."""
        return sorted(self.rows, key=lambda key: (*key[1 + dimension : 2 + dimension], *key[1:], key[0]))

    def blocks(self, dimension: int) -> dict[int, tuple[int, int]]:
        """Return, by the number of the dimension's member, the first and the last of its rows, counted from 1."""
        found: dict[int, tuple[int, int]] = {}
        for row, key in enumerate(self.ordered(dimension), 1):
            number = key[1 + dimension]
            found[number] = (found.get(number, (row, row))[0], row)
        return found

    def add(self, key: tuple[int, ...], column: int, number: float) -> None:
        """Add to a cell that is summed up; a 0 needs no row."""
        if number:
            row = self.rows.setdefault(key, {})
            found = row.get(column, 0.0)
            assert not isinstance(found, str)
            row[column] = found + number

    def set(self, key: tuple[int, ...], column: int, number: Number) -> None:
        """Set a cell that is looked up."""
        self.rows.setdefault(key, {})[column] = number


@dataclass(frozen=True, slots=True)
class Input:
    """Where one input of a KPI is read: the names of the columns of what adds up and of the rows behind it.

    `status` names the column that holds an error for each period in which it has no value, "" where it has
    one in all or all inputs of the KPI lack one together.
    """

    kind: AddsUp
    total: str
    rows: str
    averaged: bool
    status: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """A question that inputs which do not add up are looked up for: a period with members of dimensions."""

    period: int
    members: Mapping[str, tuple[str, ...]]
    cuts: Cuts


@dataclass(slots=True)
class Inputs:
    """All that formulas read. `of` tells, for each KPI's key and input, where.

    `statuses` hold by name an error for each period in which there is no value, else 0; `status_of` names the one
    of a KPI whose inputs all have the same, `refused_of` the one of the periods that a KPI cannot be asked for.
    """

    tables: dict[AddsUp, Table] = field(default_factory=lambda: {each: Table(each) for each in AddsUp})
    of: dict[tuple[str, str], Input] = field(default_factory=dict)
    statuses: dict[str, tuple[Number, ...]] = field(default_factory=dict)
    status_of: dict[str, str] = field(default_factory=dict)
    refused_of: dict[str, str] = field(default_factory=dict)
    why: dict[tuple[str, int], str] = field(default_factory=dict)
    """Why a KPI has no value in a period, whatever the cut, by its key and the number of the period."""
    looked: list[Looked] = field(default_factory=list)
    fixed: dict[int, Mapping[str, float | None]] = field(default_factory=dict)
    """What formulas may use of a period besides inputs ("period.days"), by its number."""

    def sums(self, kpi: LiveKpi) -> bool:
        """Whether any input of a KPI is a sum of rows."""
        return any(self.of[kpi.key, each.name].kind is not AddsUp.NOT for each in kpi.definition.inputs)

    def status(self, errors: tuple[Number, ...]) -> str:
        """Return the name of a status, "" of one without an error."""
        if not any(errors):
            return ""
        known = next((name for name, each in self.statuses.items() if each == errors), "")
        name = known or f"no_value_{len(self.statuses) + 1}"
        self.statuses[name] = errors
        return name


def every_question(asked: Asked) -> list[Looked]:
    """Return each offered or compared period with each way to cut: all members of two dimensions and none."""
    found: list[dict[str, tuple[str, ...]]] = [{}]
    for choices in asked.choices:
        found = [
            {**each, **cut}
            for each in found
            for cut in [{}, *({choices.dimension: one.members} for one in choices.choices)]
        ]
    return [Looked(number, each, asked.cuts(each)) for number in range(1, len(asked.times.spans) + 1) for each in found]


def gathered(workspace: Workspace, asked: Asked, looked: Sequence[Looked] | None = None) -> Inputs:
    """Return the inputs of all KPIs; `looked` are the questions that can be asked, by default every one.

    Raises: BadArgument when a sheet cannot hold them.
    """
    found = Inputs()
    found.looked = every_question(asked) if looked is None else list(looked)
    _check_size(asked, found)
    for kpi in asked.kpis:
        _Gathering(workspace, asked, found, kpi).gather()
    for table in found.tables.values():
        if len(table.rows) > MOST_ROWS:
            raise _too_large(len(table.rows))
    return found


def _check_size(asked: Asked, found: Inputs) -> None:
    columns = sum(2 * sum(adds_up(each, kpi.by) is AddsUp.NOT for each in kpi.definition.inputs) for kpi in asked.kpis)
    if columns and (len(found.looked) > MOST_ROWS or columns * len(found.looked) > MOST_CELLS):
        raise _too_large(len(found.looked))


def _too_large(rows: int) -> BadArgument:
    told = f"a sheet cannot hold the {rows:,} rows that these periods and cuts need."
    return BadArgument(told, hint="Ask for a shorter period, a longer --grain, or one --by less.")


class _Gathering:
    """Fills in the inputs of one KPI."""

    def __init__(self, workspace: Workspace, asked: Asked, found: Inputs, kpi: LiveKpi) -> None:
        self.workspace, self.asked, self.found, self.kpi = workspace, asked, found, kpi
        self.numbers = {choice.dimension: choice.numbers() for choice in asked.choices}
        self.members = tuples(workspace, kpi, asked.times, asked.where)
        self.kinds = [adds_up(each, kpi.by) for each in kpi.definition.inputs]
        self.columns: list[tuple[int, int]] = []
        self.refused = [self._refused(span.period) for span in asked.times.spans]

    def gather(self) -> None:
        """Fill in columns, rows and statuses."""
        statuses = self._statuses()
        self.found.refused_of[self.kpi.key] = self.found.status(tuple(REFUSED if each else 0 for each in self.refused))
        together = AddsUp.NOT not in self.kinds and len(set(statuses)) == 1
        self.found.status_of[self.kpi.key] = self.found.status(statuses[0]) if together else ""
        for at, (each, kind) in enumerate(zip(self.kpi.definition.inputs, self.kinds, strict=True)):
            name, table = f"{self.kpi.key}__{each.name}", self.found.tables[kind]
            words = f"{self.kpi.name}: {input_words(each.given)}"
            averaged = kind is not AddsUp.NOT and each.measure is not None and each.measure.word == "average"
            self.columns.append((table.column(name, words), table.column(f"{name}__n", f"{words}, rows behind it")))
            status = "" if kind is AddsUp.NOT or together else self.found.status(statuses[at])
            self.found.of[self.kpi.key, each.name] = Input(kind, name, f"{name}__n", averaged, status)
        self._fill(AddsUp.TIME_AND_CUTS, self.asked.times.parts)
        self._fill(AddsUp.CUTS, [span.period for span in self.asked.times.spans])
        self._look_up()

    def _statuses(self) -> list[tuple[Number, ...]]:
        """Return for each input, period by period, the error it shows whatever the cut, 0 where it shows none."""
        members = self._cuts(self.members[0]) if self.members else self.asked.where
        periods = [span.period for span in self.asked.times.spans]
        found: list[list[Number]] = [[] for _ in self.kinds]
        of_periods = {*_OF_PERIODS, *self.workspace.registry.untold}
        every = self.workspace.workings([self.kpi.question(period, members) for period in periods])
        for number, (refused, one) in enumerate(zip(self.refused, every, strict=True), 1):
            self.found.fixed.setdefault(number, {})
            self.found.fixed[number] = {**self.found.fixed[number], **one.fixed}
            lacking = [each for each in one.inputs if each.reason in of_periods]
            why = refused or "; ".join(self.workspace.wording.notes(each.detail for each in lacking if each.detail))
            if why:
                self.found.why[self.kpi.key, number] = why
            for statuses, each in zip(found, one.inputs, strict=True):
                status = REFUSED if refused else code_of(each.reason) if each in lacking else 0
                statuses.append(status)
        return [tuple(each) for each in found]

    def _refused(self, period: Period) -> str:
        """Return why the KPI is not asked for a period, "" where it is."""
        try:
            self.workspace.engine.check(self.kpi.question(period, self.asked.where), self.kpi.needs)
        except KpiError as error:
            return str(error)
        return ""

    def _cuts(self, members: tuple[str, ...]) -> Cuts:
        return self.asked.cuts({name: (each,) for name, each in zip(self.kpi.by, members, strict=True)})

    def _fill(self, kind: AddsUp, periods: Sequence[Period]) -> None:
        """Fill in the rows of the inputs of a kind: a row for each period and members."""
        if kind not in self.kinds:
            return
        asked = [(at, members) for at in range(1, len(periods) + 1) for members in self.members]
        questions = [self.kpi.question(periods[at - 1], self._cuts(members)) for at, members in asked]
        for (at, members), one in zip(asked, self.workspace.workings(questions), strict=True):
            key = (at, *self._numbers(members))
            for each, (total, rows) in self._of(kind, one.inputs):
                self.found.tables[kind].add(key, total, each.total or 0.0)
                self.found.tables[kind].add(key, rows, each.n)

    def _of(self, kind: AddsUp, inputs: Sequence[InputValue]) -> Iterator[tuple[InputValue, tuple[int, int]]]:
        every = zip(inputs, self.kinds, self.columns, strict=True)
        return ((each, columns) for each, own, columns in every if own is kind)

    def _numbers(self, members: tuple[str, ...]) -> tuple[int, ...]:
        """Return the number of the member of each of the workbook's dimensions, 0 where it is not cut by it."""
        own = dict(zip(self.kpi.by, members, strict=True))
        return tuple(numbers[own[name]] if name in own else 0 for name, numbers in self.numbers.items())

    def _look_up(self) -> None:
        """Fill in what does not add up: the one right number for each question, or its error."""
        if AddsUp.NOT not in self.kinds:
            return
        table = self.found.tables[AddsUp.NOT]
        possible = {
            row: self.kpi.question(self.asked.times.at(each.period), each.cuts)
            for row, each in enumerate(self.found.looked, 1)
            if not self.refused[each.period - 1] and self.kpi.takes(tuple(each.members))
        }
        answered = dict(zip(possible, self.workspace.workings(list(possible.values())), strict=True))
        for row in range(1, len(self.found.looked) + 1):
            if row not in answered:
                for kind, (total, _) in zip(self.kinds, self.columns, strict=True):
                    if kind is AddsUp.NOT:
                        table.set((row,), total, REFUSED)
                continue
            for each, (total, rows) in self._of(AddsUp.NOT, answered[row].inputs):
                table.set((row,), total, code_of(each.reason) if each.value is None else each.value)
                table.set((row,), rows, each.n)
