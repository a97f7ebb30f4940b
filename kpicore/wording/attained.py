"""What was reached of a target, in one line."""

from __future__ import annotations

from typing import Protocol

from kpicore.model.figures import number, per_cent, rounded
from kpicore.model.notes import Note
from kpicore.model.questions import Answer
from kpicore.model.units import MONEY, SHARE


class Attained(Protocol):
    """An answer beside its target, as `kpicore.targets` gives it."""

    @property
    def answer(self) -> Answer: ...
    @property
    def target(self) -> float | None: ...
    @property
    def value(self) -> float | None: ...
    @property
    def pace(self) -> float | None: ...
    @property
    def elapsed(self) -> int: ...
    @property
    def working_days(self) -> int: ...
    @property
    def in_progress(self) -> bool: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def detail(self) -> Note | None: ...


def attained_words(attained: Attained, *, with_days: bool) -> str:
    """Return "632k of 700k, 103% of pace (58 of 66 working days)"; "" where there is no value."""
    answer = attained.answer
    if attained.value is None or answer.value is None or attained.target is None:
        return ""
    said = f"{_brief(answer.value, answer)} of {_brief(attained.target, answer)}"
    if not attained.in_progress:
        return f"{said}, {per_cent(attained.value, 0)}% attained"
    said = f"{said}, {per_cent(attained.pace, 0)}% of pace" if attained.pace is not None else said
    return f"{said} ({attained.elapsed} of {attained.working_days} working days)" if with_days else said


def _brief(value: float, answer: Answer) -> str:
    """Return a number as it is said: 632k, 1.25M, 47.5%, 86."""
    if answer.unit == SHARE:
        return number(value, SHARE)
    # thousands from 10,000 on: of 1,234 as 1k too much would be lost
    for size, letter in ((1_000_000_000, "B"), (1_000_000, "M"), (10_000, "k")):
        if abs(value) >= size:
            scaled = value / (1000 if letter == "k" else size)
            return f"{rounded(scaled, 0 if letter == 'k' else 2)}{letter}"
    return rounded(value, 0) if answer.unit == MONEY else number(value, answer.unit)
