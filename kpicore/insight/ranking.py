"""Members of a dimension beside each other: ranked, or one of them beside the median of all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from kpicore.model.notes import Note
from kpicore.model.questions import NONE, Answer
from kpicore.model.units import LOWER

FEWEST = 3
"""Between two, a median beside one's own number gives the other's away."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """An answer with its place, best first; without a place (None) the reason why."""

    answer: Answer
    place: int | None
    why: Note | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """My answer, and the median of the `members` that have a number; None and why, where they are too few.

    My answer is None where nothing of mine stands behind the KPI.
    """

    answer: Answer | None
    median: float | None
    members: int
    why: Note | None = None


def ranked(answers: Iterable[Answer], dimension: str, least_rows: int = 0) -> list[Ranked]:
    """Return the answers by place, equal values at one place; behind them those that are not ranked.

    Who has fewer than `least_rows` rows is not ranked, nor is `(none)`, nor a member without a value.
    """
    judged = [(answer, _not_ranked(answer, dimension, least_rows)) for answer in answers]
    placed = [(answer, answer.value) for answer, why in judged if not why and answer.value is not None]
    # the direction is of the KPI, so the same for all of them
    lower_first = any(answer.better is LOWER for answer, _ in placed)
    values = sorted((value for _, value in placed), reverse=not lower_first)
    # from the last to the first, so that equal values keep the best of their places
    # of 9, 7, 7, 4 the places are 1, 2, 2, 4
    places = {value: place for place, value in reversed(list(enumerate(values, 1)))}
    first = sorted((Ranked(answer, places[value]) for answer, value in placed), key=lambda ranked: ranked.place or 0)
    return [*first, *(Ranked(answer, None, why) for answer, why in judged if why)]


def beside(answers: Sequence[Answer], dimension: str, me: str, least_rows: int = 0) -> Beside:
    """Return the answer of the member `me` beside the median of all members; `(none)` is no member.

    `answers` are those of all members for one KPI and period.
    """
    mine = next((answer for answer in answers if _member(answer, dimension) == me), None)
    counted = [answer.value for answer in answers if not _not_ranked(answer, dimension, least_rows)]
    values = [value for value in counted if value is not None]
    if len(values) < FEWEST:
        why = Note.of("few_members", least=FEWEST, members=len(values))
        return Beside(mine, None, len(values), why)
    return Beside(mine, float(median(values)), len(values))


def _not_ranked(answer: Answer, dimension: str, least_rows: int) -> Note | None:
    if _member(answer, dimension) == NONE:
        return Note.of("of_nobody")
    if answer.value is None:
        return Note.of("without_value", reason=answer.reason or "no_value")
    return Note.of("few_rows", least=least_rows) if answer.n < least_rows else None


def _member(answer: Answer, dimension: str) -> str:
    return dict(answer.question.cuts)[dimension][0]
