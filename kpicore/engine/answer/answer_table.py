"""A table of answers: the same shapes for many members. Numbers at once, whole answers when looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import overload

from kpicore.engine.answer.evaluator import Evaluator, question_of
from kpicore.engine.prepare.shapes import Prepared
from kpicore.model.questions import Answer
from kpicore.turns import MOST_AT_ONCE, pause
from kpicore.utils.gc_pause import without_search_for_circles


class AnswerTable(Sequence[Answer]):
    """Answers for each member and, within it, each shape; the cubes hold all they need.

    An answer is made when it is looked at; `values` gives the numbers alone, ten times as fast.
    """

    def __init__(self, evaluator: Evaluator, shapes: Sequence[Prepared], members: Sequence[Mapping[str, str]]) -> None:
        self._evaluator = evaluator
        self._shapes, self._members = shapes, members
        # once: the evaluator keeps what it works out of each of them
        self._parts = [members[at : at + MOST_AT_ONCE] for at in range(0, len(members), MOST_AT_ONCE)]

    def __len__(self) -> int:
        return len(self._shapes) * len(self._members)

    @overload
    def __getitem__(self, at: int) -> Answer: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Answer]: ...

    def __getitem__(self, at: int | slice) -> Answer | Sequence[Answer]:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        pause()
        # members are rows and shapes columns: of 3 shapes the answer 7 is that of member 2 to shape 1, counted from 0
        member, place = divmod(at % len(self), len(self._shapes))
        prepared = self._shapes[place]
        return next(self._evaluator.answers(prepared, [question_of(prepared, self._members[member])]))[1]

    @without_search_for_circles()
    def values(self) -> list[float | None]:
        """Return the numbers in the order of the answers."""
        columns = [self._column(shape) for shape in self._shapes]
        return [column[at] for at in range(len(self._members)) for column in columns]

    def _column(self, shape: Prepared) -> list[float | None]:
        numbers: list[float | None] = []
        for members in self._parts:
            pause()
            numbers += self._evaluator.numbers(shape, members)
        return numbers
