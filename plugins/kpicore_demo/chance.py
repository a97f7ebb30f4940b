"""Chance that falls the same way on every machine and under every version of Python.

Only `random.Random(seed).random()` is used, whose sequence Python promises to keep, and plain
arithmetic, which IEEE 754 fixes; no logarithm and no `choice`, whose results may differ.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TypeVar

Thing = TypeVar("Thing")

# Deciles of a waiting time with a long tail, as multiples of its mean.
_WAITING = (0.04, 0.15, 0.28, 0.42, 0.58, 0.77, 1.01, 1.33, 1.78, 2.5, 4.4)


class Chance:
    """One stream of chance. Each part of the company has its own, so that a change in one leaves the others."""

    def __init__(self, seed: int) -> None:
        self._next = random.Random(seed).random

    def own(self) -> Chance:
        """Return a stream for one thing alone, so that its fate does not change that of all that follow."""
        return Chance(int(self._next() * 2**53))

    def hits(self, share: float) -> bool:
        """Return True in `share` of the calls."""
        return self._next() < share

    def between(self, low: float, high: float) -> float:
        """Return a number, all equally likely."""
        return low + (high - low) * self._next()

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int((high - low + 1) * self._next())

    def around(self, middle: float, spread: float) -> float:
        """Return a number near `middle`, never further away than `spread`."""
        return middle + spread * ((self._next() + self._next() + self._next()) / 1.5 - 1.0)

    def waiting(self, mean: float) -> float:
        """Return a waiting time: mostly short, sometimes long."""
        place = self._next() * (len(_WAITING) - 1)
        low = int(place)
        return mean * (_WAITING[low] + (_WAITING[low + 1] - _WAITING[low]) * (place - low))

    def pick(self, things: Sequence[Thing]) -> Thing:
        """Return one of the things, all equally likely."""
        return things[int(len(things) * self._next())]

    def weighted(self, weights: Mapping[Thing, int]) -> Thing:
        """Return one of the keys, as likely as its weight. Weights are whole: floats add up differently by version."""
        left = self._next() * sum(weights.values())
        for thing, weight in weights.items():
            if left < weight:
                return thing
            left -= weight
        raise ValueError("nothing has a weight")

    def rounded(self, expected: float) -> int:
        """Return a whole number whose mean is `expected`."""
        return int(expected) + self.hits(expected - int(expected))

    def at_work(self, day: date) -> datetime:
        """Return a moment in the working hours of a day."""
        return datetime.combine(day, time(8)) + timedelta(minutes=self.whole(0, 10 * 60 - 1))

    def awake(self, day: date) -> datetime:
        """Return a moment between seven in the morning and eleven at night: when web shops are visited."""
        return datetime.combine(day, time(7)) + timedelta(minutes=self.whole(0, 16 * 60 - 1))


def working_day(day: date) -> date:
    """Return the day, or the Monday after it when it falls on a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def by_day(moment: datetime) -> datetime:
    """Return the moment, or seven in the morning of that day when it lies in the night before; in whole seconds."""
    return moment.replace(hour=max(moment.hour, 7), microsecond=0)
