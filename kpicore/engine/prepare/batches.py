"""Questions of one batch, put together by what they have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from kpicore.engine.prepare.shapes import Shape
from kpicore.model.questions import Question
from kpicore.turns import parts

T = TypeVar("T")
K = TypeVar("K")
R = TypeVar("R")


def grouped(questions: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """Return the questions of each key, in order."""
    groups: dict[K, list[T]] = {}
    for question in questions:
        groups.setdefault(key(question), []).append(question)
    return groups


def of_each(keys: Sequence[K], ask: Callable[[K, Sequence[int]], Sequence[R]]) -> list[R]:
    """Return what is asked of each key, at its places; what one key has several of is asked together."""
    results: dict[int, R] = {}
    for key, places in grouped(range(len(keys)), lambda place: keys[place]).items():
        results |= zip(places, ask(key, places), strict=True)
    return [results[place] for place in range(len(keys))]


def by_shape(questions: Iterable[Question]) -> dict[Shape, list[Question]]:
    """Return the questions of each shape, in order."""
    shapes: dict[Shape, list[Question]] = {}
    for batch in parts(questions):
        for question in batch:
            shapes.setdefault(Shape.of(question), []).append(question)
    return shapes


def values_of(question: Question) -> dict[str, str]:
    """Return the member of each single-valued cut."""
    return {name: values[0] for name, values in question.cuts if len(values) == 1}
