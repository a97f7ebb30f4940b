"""Which past numbers change with the definitions: each question asked with both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import inf, isclose, isfinite

from kpicore.calendar import Calendar, Grain, Period
from kpicore.engine.engine import Engine
from kpicore.errors import KpiError
from kpicore.model.notes import Note
from kpicore.model.questions import Answer, Question
from kpicore.review.changes import Change

MONTHS, QUARTERS = 12, 4


@dataclass(frozen=True, slots=True)
class Moved:
    """A number that changes; a side is None where there was no such dimension value."""

    change: Change
    period: Period
    cuts: tuple[tuple[str, tuple[str, ...]], ...]
    before: Answer | None
    after: Answer | None

    @property
    def difference(self) -> float | None:
        """After less before; None where one of them has no value, or they are too far apart."""
        was, now = _value(self.before), _value(self.after)
        return None if was is None or now is None or not isfinite(now - was) else now - was

    @property
    def size(self) -> float:
        """The difference as a fraction of the number before; infinite where that is 0 or there is none."""
        was, difference = _value(self.before), self.difference
        return abs(difference / was) if was and difference is not None else inf


def past_periods(calendar: Calendar, today: date, last: date | None) -> tuple[Period, ...]:
    """Return the last 12 months, the last 4 quarters and all 12 months in one, up to the last day with data.

    Only what is over by `today`.
    """
    periods: list[Period] = []
    for grain, number in ((Grain.MONTH, MONTHS), (Grain.QUARTER, QUARTERS)):
        end = _id(calendar.containing(grain, today)) - 1
        if last is not None:
            end = min(end, _id(calendar.containing(grain, last)))
        periods += [calendar.by_id(grain, id) for id in range(end - number + 1, end + 1)]
    # the first MONTHS of them are months, which together are the last 12 in one
    return (*periods, calendar.between(periods[0].start, periods[MONTHS - 1].last))


def _id(period: Period) -> int:
    assert period.id is not None  # `containing` gives one unit of a grain
    return period.id


def moved(
    changes: Iterable[Change], old: Engine, new: Engine, periods: Sequence[Period]
) -> tuple[list[Moved], list[Note]]:
    """Return the numbers that change, the largest change first, and which changes could not be compared."""
    numbers: list[Moved] = []
    notes: list[Note] = []
    for change in changes:
        if change.before is None or change.after is None:
            continue
        try:
            numbers += _moved(change, old, new, periods)
        except KpiError as error:
            notes.append(Note.of("not_compared", name=change.name, problem=str(error)))
    return sorted(numbers, key=lambda number: -number.size), notes


def _moved(change: Change, old: Engine, new: Engine, periods: Sequence[Period]) -> list[Moved]:
    assert change.before is not None and change.after is not None  # `moved` asks for these only
    grains = {*change.before.spec.grains} | {*change.after.spec.grains}
    # a variant that is asked by quarters only is compared in quarters only
    comparable = [
        period
        for period in periods
        if not grains or any(grain.value in grains for grain in old.calendar.grains_of(period))
    ]
    by = tuple(sorted({*change.before.spec.needs_cut, *change.after.spec.needs_cut}))
    before = _answers(old, change.before.metric.id, change.before.variant, comparable, by)
    after = _answers(new, change.after.metric.id, change.after.variant, comparable, by)
    # a dimension value may have rows on one side only
    pairs = [(key, before.get(key), after.get(key)) for key in {**before, **after}]
    return [Moved(change, *key, was, now) for key, was, now in pairs if not _same(was, now)]


_Key = tuple[Period, tuple[tuple[str, tuple[str, ...]], ...]]


def _answers(
    engine: Engine, id: str, variant: str, periods: Sequence[Period], by: tuple[str, ...]
) -> dict[_Key, Answer]:
    questions = [Question(id, variant, period) for period in periods]
    if not questions:
        return {}
    answers = engine.tables([questions], by)[0] if by else engine.answer(questions)
    return {(answer.question.period, answer.question.cuts): answer for answer in answers}


def _same(before: Answer | None, after: Answer | None) -> bool:
    was, now = _value(before), _value(after)
    if was is None or now is None:
        # No value is no value, whatever the reason: what people see of it does not change their number.
        return was is now
    # the same amounts added up in another order differ in their last digits
    return isclose(was, now, rel_tol=1e-12, abs_tol=1e-12)


def _value(answer: Answer | None) -> float | None:
    return answer.value if answer else None
