"""The periods of a live workbook: those on offer, those they are compared with, and the parts that make them up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kpicore import TO_DATE, BadPeriod, Grain, Note, Question

if TYPE_CHECKING:
    from datetime import date

    from kpicore import Period, Wording, Workspace

_LONGER = {
    Grain.DAY: (Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.HALF, Grain.YEAR),
    Grain.MONTH: (Grain.QUARTER, Grain.HALF, Grain.YEAR),
    Grain.QUARTER: (Grain.HALF, Grain.YEAR),
    Grain.HALF: (Grain.YEAR,),
    Grain.FISCAL_MONTH: (Grain.FISCAL_QUARTER, Grain.FISCAL_HALF, Grain.FISCAL_YEAR),
    Grain.FISCAL_QUARTER: (Grain.FISCAL_HALF, Grain.FISCAL_YEAR),
    Grain.FISCAL_HALF: (Grain.FISCAL_YEAR,),
}


@dataclass(frozen=True, slots=True)
class Span:
    """A period, made of the parts numbered from `first` to `last`."""

    period: Period
    first: int
    last: int


@dataclass(slots=True)
class Times:
    """Parts and periods, both numbered from 1.

    Inputs that add up over time have rows for parts only: a quarter is the sum of its months. A period that
    is not made of other parts is a part by itself. The first `offered` periods can be chosen; the first
    `steps` of them are the parts of the whole, in order. Each of `befores` tells for every offered period the
    number of the one that it is compared with, 0 where there is none.
    """

    parts: list[Period] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    offered: int = 0
    steps: int = 0
    befores: list[tuple[int, ...]] = field(default_factory=list)
    compare: str = "previous"
    _numbers: dict[Period, int] = field(default_factory=dict)
    _part_numbers: dict[tuple[Grain | None, int | None], int] = field(default_factory=dict)

    def __contains__(self, period: Period) -> bool:
        return period in self._numbers

    def number(self, period: Period) -> int:
        """Return the number of a period that is there."""
        return self._numbers[period]

    def at(self, number: int) -> Period:
        """Return the period of a number."""
        return self.spans[number - 1].period

    def add_part(self, period: Period) -> None:
        """Add a part that is no period by itself, a unit, where it is not there yet."""
        if (period.grain, period.id) not in self._part_numbers:
            self._append_part(period)

    def add_span(self, period: Period, first: int, last: int) -> None:
        """Add a period that is not there yet, made of the parts of these numbers."""
        self.spans.append(Span(period, first, last))
        self._numbers[period] = len(self.spans)

    def add(self, period: Period, tiles: range | None = None, grain: Grain | None = None) -> int:
        """Add a period where it is not there yet, made of parts if they are there; return its number."""
        if period not in self:
            numbers = [self._part_numbers.get((grain, id), 0) for id in tiles] if tiles and grain else []
            # formulas sum the parts from the first to the last, so that these have to follow each other
            if numbers and all(numbers) and numbers == list(range(numbers[0], numbers[0] + len(numbers))):
                self.add_span(period, numbers[0], numbers[-1])
            else:
                # a part of its own, even where one for other periods is the same
                self._append_part(period)
                self.add_span(period, len(self.parts), len(self.parts))
        return self.number(period)

    def _append_part(self, period: Period) -> None:
        self.parts.append(period)
        self._part_numbers.setdefault((period.grain, period.id), len(self.parts))


def times_of(
    workspace: Workspace, questions: Sequence[Question], whole: Period, grain: str | None, compare: str
) -> Times:
    """Return the periods of a workbook: the parts of the whole, longer ones in it, the whole, and earlier ones.

    `questions` are those of the KPIs for the whole. Raises: BadPeriod and UnknownName.
    """
    unit = _unit(workspace, whole, grain)
    times = Times(compare=compare)
    units = workspace.calendar.series(whole, unit) if unit else (whole,)
    for part in units:
        times.add(part)
    times.steps = len(units)
    for longer in _LONGER.get(unit, ()) if unit else ():
        for period in _units_within(workspace, whole, longer):
            times.add(period, workspace.calendar.tiles(period, unit) if unit else None, unit)
    if whole not in times:
        if (units[0].start, units[-1].end) == (whole.start, whole.end):
            # also of a period in progress: its last part ends with it
            times.add_span(whole, 1, len(units))
        else:  # weeks that cover other days than the whole
            times.add(whole)
    times.offered = len(times.spans)
    times.befores = _befores(workspace, times, questions, unit)
    return times


def _unit(workspace: Workspace, whole: Period, grain: str | None) -> Grain | None:
    """Return the grain that was asked for, else months where the period is made of several, else none."""
    if grain is not None:
        from kpicore import grain_named

        return grain_named(grain)
    try:
        return Grain.MONTH if len(workspace.calendar.split(whole, Grain.MONTH)) > 1 else None
    except BadPeriod:
        return None


def _units_within(workspace: Workspace, whole: Period, grain: Grain) -> list[Period]:
    """Return the units of a grain that lie in the period."""
    units = []
    unit = workspace.calendar.containing(grain, whole.start)
    while unit.start < whole.end and unit.id is not None:
        if unit.start >= whole.start and unit.end <= whole.end:
            units.append(unit)
        unit = workspace.calendar.by_id(grain, unit.id + 1)
    return units


def _befores(
    workspace: Workspace, times: Times, questions: Sequence[Question], unit: Grain | None
) -> list[tuple[int, ...]]:
    """Return what each KPI's periods are compared with, each row once: a plan is compared with whole periods."""
    rows = [
        tuple(_before(workspace, times, question, at, unit) for at in range(1, times.offered + 1))
        for question in questions
    ]
    return list(dict.fromkeys(rows))


def _before(workspace: Workspace, times: Times, question: Question, number: int, unit: Grain | None) -> int:
    then = Question(question.metric, question.variant, times.at(number), question.cuts)
    try:
        before = workspace.earlier(then, times.compare).period
    except BadPeriod:  # week 53 has no week a year ago
        return 0
    tiles = workspace.calendar.tiles(before, unit) if unit else None
    return times.add(before, tiles, unit)


def before_row(workspace: Workspace, times: Times, question: Question) -> int:
    """Return which of `befores` is the KPI's, from 0."""
    row = tuple(_before(workspace, times, question, at, None) for at in range(1, times.offered + 1))
    return times.befores.index(row)


def progress(period: Period, today: date, wording: Wording) -> str:
    """Return how much of a period has happened, "" of one that is over."""
    if period.start > today:
        return wording.note(Note("not_begun"))
    if today >= period.last:
        return ""
    return wording.note(Note.of(TO_DATE, elapsed=(today - period.start).days + 1, days=period.days))
