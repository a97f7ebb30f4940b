"""What was read of a text, kept for the cells that hold it too: what it means, or why it is refused."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from kpicore.engine.plan.memory import Recent
from kpicore.errors import BadArgument, BadCut, BadDefinition, BadPeriod, KpiError, UnknownName
from kpicore.spreadsheet.values import CellValue
from kpicore.text.nearest import LONGEST_NAME

T = TypeVar("T")

MOST_LISTED = 1_000
"""A longer range, and a text longer than a name, is read each time."""

_LASTING = (UnknownName, BadDefinition, BadPeriod, BadCut, BadArgument)
"""Refusals of what was asked: they stay as long as the version does. Others pass, as of a file that is locked."""


class KeptReadings:
    """At most so many meanings and refusals by what was read. `exact` makes keys of what Python takes for equal."""

    def __init__(self, most: int) -> None:
        self._known: Recent[Hashable, Any] = Recent(most)

    def read(self, key: Hashable, read: Callable[[], T]) -> T:
        """Return what `read` returned or raised when it was last called for the key; None is no key and not kept."""
        if key is None:
            return read()
        kept = self._known.get(key)
        if kept is None:
            try:
                kept = read()
            except _LASTING as error:
                # without its traceback, which would keep the frames of the whole batch alive
                kept = error.anew()
            self._known.update({key: kept})
        if isinstance(kept, KpiError):
            raise kept.anew()
        meaning: T = kept
        return meaning


def exact(value: CellValue) -> Hashable:
    """Return what is equal for equal values of equal types, as 1, 1.0 and TRUE are to Python; None for a long one.

    >>> exact(1) == exact(True), exact(((1, "a"),)) == exact(((1.0, "a"),)), exact("a")
    (False, False, 'a')
    """
    if isinstance(value, str):
        return value if len(value) <= LONGEST_NAME else None
    if not isinstance(value, tuple):
        return type(value), value
    if sum(map(len, value)) > MOST_LISTED:
        return None
    cells = tuple(exact(cell) for row in value for cell in row)
    # how many rows there are tells 2 rows of 3 from 3 of 2
    return None if None in cells else (len(value), cells)
