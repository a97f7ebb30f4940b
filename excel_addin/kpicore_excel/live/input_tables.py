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
from kpicore_excel.live.members import member_tuples
from kpicore_excel.live.request import WorkbookRequest
from kpicore_excel.live.times import progress

if TYPE_CHECKING:
    from kpicore import Period, Workspace

REFUSED = "#VALUE!"
"""What a question that cannot be asked shows."""
_OF_PERIODS = ("no_data", "not_loaded", "not_started")
"""Reasons why there is no value in a period, whatever the cut; so are those of what nobody gave."""
PROGRESS = "period_progress"
"""The column of how much of each period has happened."""

MOST_CELLS = 2_000_000
MOST_ROWS = 1_000_000

Number = float | str
"""A number, or the native error that stands for a reason."""


@dataclass(frozen=True, slots=True)
class InputColumn:
    """One column of a table: its name in formulas, and what it holds in words."""

    name: str
    words: str


@dataclass(slots=True)
class InputTable:
    """Rows that inputs of one kind are read from; see AddsUp.

    A row's key is the number of its part, period or question, then the number of a member for each dimension,
    0 where the row is not cut by it. What is not there is 0.
    """

    kind: AddsUp
    columns: list[InputColumn] = field(default_factory=list)
    rows: dict[tuple[int, ...], dict[int, Number]] = field(default_factory=dict)

    def column(self, name: str, words: str) -> int:
        """Add a column; return its place."""
        self.columns.append(InputColumn(name, words))
        return len(self.columns) - 1

    def ordered(self, dimension: int) -> list[tuple[int, ...]]:
        """Return the keys of the rows: members of the dimension at that place together, each in order of time."""
        # a slice, which is empty where there is no dimension
        return sorted(self.rows, key=lambda key: (*key[1 + dimension : 2 + dimension], *key[1:], key[0]))

    def blocks(self, dimension: int) -> dict[int, tuple[int, int]]:
        """Return, by the number of the dimension's member, the first and the last of its rows, counted from 1."""
        rows_of: dict[int, tuple[int, int]] = {}
        for row, key in enumerate(self.ordered(dimension), 1):
            number = key[1 + dimension]
            rows_of[number] = (rows_of.get(number, (row, row))[0], row)
        return rows_of

    def add(self, key: tuple[int, ...], column: int, number: float) -> None:
        """Add to a cell that is summed up; a 0 needs no row."""
        if number:
            row = self.rows.setdefault(key, {})
            sum_before = row.get(column, 0.0)
            assert not isinstance(sum_before, str)
            row[column] = sum_before + number

    def set(self, key: tuple[int, ...], column: int, number: Number) -> None:
        """Set a cell that is looked up."""
        self.rows.setdefault(key, {})[column] = number


@dataclass(frozen=True, slots=True)
class InputRanges:
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
class Lookup:
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

    tables: dict[AddsUp, InputTable] = field(default_factory=lambda: {kind: InputTable(kind) for kind in AddsUp})
    of: dict[tuple[str, str], InputRanges] = field(default_factory=dict)
    statuses: dict[str, tuple[Number, ...]] = field(default_factory=dict)
    status_of: dict[str, str] = field(default_factory=dict)
    refused_of: dict[str, str] = field(default_factory=dict)
    why: dict[tuple[str, int], str] = field(default_factory=dict)
    """Why a KPI has no value in a period, whatever the cut, by its key and the number of the period."""
    lookups: list[Lookup] = field(default_factory=list)
    of_periods: dict[str, tuple[float | str | None, ...]] = field(default_factory=dict)
    """By the name of a column what formulas may use of each period besides inputs ("period_days"), and its progress."""
    column_of: dict[tuple[str, str], str] = field(default_factory=dict)
    """The name of that column by a KPI's key and what its formula calls it: data of other days has other ones."""
    settings: Mapping[str, float | None] = field(default_factory=dict)

    def sums(self, kpi: LiveKpi) -> bool:
        """Whether any input of a KPI is a sum of rows."""
        return any(self.of[kpi.key, input_.name].kind is not AddsUp.NOT for input_ in kpi.definition.inputs)

    def column(self, kpi: LiveKpi, called: str, values: tuple[float | str | None, ...]) -> None:
        """Give a KPI the column of what its formula calls "period.days", one that is there if it is the same."""
        name = base = called.replace(".", "_")
        number = 1
        while self.of_periods.setdefault(name, values) != values:
            number += 1
            name = f"{base}_{number}"
        self.column_of[kpi.key, called] = name

    def status(self, errors: tuple[Number, ...]) -> str:
        """Return the name of a status, "" of one without an error."""
        if not any(errors):
            return ""
        # One column serves all KPIs with the same errors: the months that a table lacks are those of many.
        known = next((name for name, known_errors in self.statuses.items() if known_errors == errors), "")
        name = known or f"no_value_{len(self.statuses) + 1}"
        self.statuses[name] = errors
        return name


def every_question(request: WorkbookRequest) -> list[Lookup]:
    """Return each offered or compared period with each way to cut: all members of two dimensions and none."""
    # in the order that `place_of_cut` counts: by period, then by the first dimension, each with none before its members
    combinations: list[dict[str, tuple[str, ...]]] = [{}]
    for members in request.lists:
        combinations = [
            {**combination, **cut}
            for combination in combinations
            for cut in [{}, *({members.dimension: choice.members} for choice in members.choices)]
        ]
    return [
        Lookup(number, combination, request.cuts(combination))
        for number in range(1, len(request.times.spans) + 1)
        for combination in combinations
    ]


def gathered(workspace: Workspace, request: WorkbookRequest, lookups: Sequence[Lookup] | None = None) -> Inputs:
    """Return the inputs of all KPIs; `lookups` are the questions that can be asked, by default every one.

    Raises: BadArgument when a sheet cannot hold them.
    """
    inputs = Inputs()
    today, wording = workspace.engine.today, workspace.wording
    # first: what stands above all KPIs is of the day of the latest data
    inputs.of_periods[PROGRESS] = tuple(progress(span.period, today, wording) for span in request.times.spans)
    inputs.lookups = every_question(request) if lookups is None else list(lookups)
    _check_size(request, inputs)
    for kpi in request.kpis:
        _Gathering(workspace, request, inputs, kpi).gather()
    for table in inputs.tables.values():
        if len(table.rows) > MOST_ROWS:
            raise _too_large(len(table.rows))
    return inputs


def _check_size(request: WorkbookRequest, inputs: Inputs) -> None:
    # Two columns an input: the number, and the rows behind it.
    columns = sum(
        2 * sum(adds_up(input_, kpi.by) is AddsUp.NOT for input_ in kpi.definition.inputs) for kpi in request.kpis
    )
    if columns and (len(inputs.lookups) > MOST_ROWS or columns * len(inputs.lookups) > MOST_CELLS):
        raise _too_large(len(inputs.lookups))


def _too_large(rows: int) -> BadArgument:
    problem = f"a sheet cannot hold the {rows:,} rows that these periods and cuts need."
    return BadArgument(problem, hint="Ask for a shorter period, a longer --grain, or one --by less.")


class _Gathering:
    """Fills in the inputs of one KPI."""

    def __init__(self, workspace: Workspace, request: WorkbookRequest, inputs: Inputs, kpi: LiveKpi) -> None:
        self.workspace, self.request, self.inputs, self.kpi = workspace, request, inputs, kpi
        self.numbers = {members.dimension: members.numbers() for members in request.lists}
        self.members = member_tuples(workspace, kpi, request.times, request.where)
        self.kinds = [adds_up(input_, kpi.by) for input_ in kpi.definition.inputs]
        self.columns: list[tuple[int, int]] = []
        self.refused = [self._refused(span.period) for span in request.times.spans]

    def gather(self) -> None:
        """Fill in columns, rows and statuses."""
        statuses = self._statuses()
        self.inputs.refused_of[self.kpi.key] = self.inputs.status(tuple(REFUSED if why else 0 for why in self.refused))
        # Where all inputs lack a value in the same periods, the formula checks once and not at each of its sums.
        together = AddsUp.NOT not in self.kinds and len(set(statuses)) == 1
        self.inputs.status_of[self.kpi.key] = self.inputs.status(statuses[0]) if together else ""
        for at, (input_, kind) in enumerate(zip(self.kpi.definition.inputs, self.kinds, strict=True)):
            name, table = f"{self.kpi.key}__{input_.name}", self.inputs.tables[kind]
            words = f"{self.kpi.name}: {input_words(input_.given)}"
            averaged = kind is not AddsUp.NOT and input_.measure is not None and input_.measure.word == "average"
            self.columns.append((table.column(name, words), table.column(f"{name}__n", f"{words}, rows behind it")))
            status = "" if kind is AddsUp.NOT or together else self.inputs.status(statuses[at])
            self.inputs.of[self.kpi.key, input_.name] = InputRanges(kind, name, f"{name}__n", averaged, status)
        # once all columns have their places: several inputs of a kind stand in one row
        self._fill(AddsUp.TIME_AND_CUTS, self.request.times.parts)
        self._fill(AddsUp.CUTS, [span.period for span in self.request.times.spans])
        self._look_up()

    def _statuses(self) -> list[tuple[Number, ...]]:
        """Return for each input, period by period, the error it shows whatever the cut, 0 where it shows none."""
        # Any member will do: only reasons that hold for a period whatever the cut are taken from its answers.
        members = self._cuts(self.members[0]) if self.members else self.request.where
        periods = [span.period for span in self.request.times.spans]
        by_input: list[list[Number]] = [[] for _ in self.kinds]
        of_periods = {*_OF_PERIODS, *self.workspace.registry.untold}
        per_period = self.workspace.workings([self.kpi.question(period, members) for period in periods])
        for number, (refused, values) in enumerate(zip(self.refused, per_period, strict=True), 1):
            lacking = [value for value in values.inputs if value.reason in of_periods]
            why = refused or "; ".join(self.workspace.wording.notes(value.detail for value in lacking if value.detail))
            if why:
                self.inputs.why[self.kpi.key, number] = why
            for statuses, value in zip(by_input, values.inputs, strict=True):
                status = REFUSED if refused else code_of(value.reason) if value in lacking else 0
                statuses.append(status)
        self._columns(periods, [values.fixed for values in per_period])
        return [tuple(statuses) for statuses in by_input]

    def _columns(self, periods: Sequence[Period], fixed: Sequence[Mapping[str, float | None]]) -> None:
        """Give the KPI its columns of what is known of each period on the day of its data."""
        self.inputs.settings = fixed[0]
        today = self.workspace.engine.today_of(self.kpi.question(periods[0], self.request.where))
        progressed = tuple(progress(period, today, self.workspace.wording) for period in periods)
        self.inputs.column(self.kpi, PROGRESS, progressed)
        for name in fixed[0]:
            if name.startswith("period."):
                self.inputs.column(self.kpi, name, tuple(of_period[name] for of_period in fixed))

    def _refused(self, period: Period) -> str:
        """Return why the KPI is not asked for a period, "" where it is."""
        try:
            self.workspace.engine.check(self.kpi.question(period, self.request.where), self.kpi.needs)
        except KpiError as error:
            return str(error)
        return ""

    def _cuts(self, members: tuple[str, ...]) -> Cuts:
        return self.request.cuts({name: (member,) for name, member in zip(self.kpi.by, members, strict=True)})

    def _fill(self, kind: AddsUp, periods: Sequence[Period]) -> None:
        """Fill in the rows of the inputs of a kind: a row for each period and members."""
        if kind not in self.kinds:
            return
        keys = [(at, members) for at in range(1, len(periods) + 1) for members in self.members]
        questions = [self.kpi.question(periods[at - 1], self._cuts(members)) for at, members in keys]
        for (at, members), values in zip(keys, self.workspace.workings(questions), strict=True):
            key = (at, *self._numbers(members))
            for value, (total, rows) in self._of(kind, values.inputs):
                self.inputs.tables[kind].add(key, total, value.total or 0.0)
                self.inputs.tables[kind].add(key, rows, value.n)

    def _of(self, kind: AddsUp, inputs: Sequence[InputValue]) -> Iterator[tuple[InputValue, tuple[int, int]]]:
        placed = zip(inputs, self.kinds, self.columns, strict=True)
        return ((value, columns) for value, own, columns in placed if own is kind)

    def _numbers(self, members: tuple[str, ...]) -> tuple[int, ...]:
        """Return the number of the member of each of the workbook's dimensions, 0 where it is not cut by it."""
        own = dict(zip(self.kpi.by, members, strict=True))
        return tuple(numbers[own[name]] if name in own else 0 for name, numbers in self.numbers.items())

    def _look_up(self) -> None:
        """Fill in what does not add up: the one right number for each question, or its error."""
        if AddsUp.NOT not in self.kinds:
            return
        table = self.inputs.tables[AddsUp.NOT]
        questions = {
            row: self.kpi.question(self.request.times.at(lookup.period), lookup.cuts)
            for row, lookup in enumerate(self.inputs.lookups, 1)
            if not self.refused[lookup.period - 1] and self.kpi.takes(tuple(lookup.members))
        }
        values_of = dict(zip(questions, self.workspace.workings(list(questions.values())), strict=True))
        for row in range(1, len(self.inputs.lookups) + 1):
            if row not in values_of:
                # An error, for an empty cell would be read as 0.
                for kind, (total, _) in zip(self.kinds, self.columns, strict=True):
                    if kind is AddsUp.NOT:
                        table.set((row,), total, REFUSED)
                continue
            for value, (total, rows) in self._of(AddsUp.NOT, values_of[row].inputs):
                table.set((row,), total, code_of(value.reason) if value.value is None else value.value)
                table.set((row,), rows, value.n)
