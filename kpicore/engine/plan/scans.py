"""What one statement reads: measures over one source, grouped by time and by dimensions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kpicore.calendar import Grain
from kpicore.engine.compile.measures import Measure, Source
from kpicore.model.inputs import At

Span = tuple[date, date]
"""A half-open range of days."""

Filters = tuple[tuple[str, tuple[str, ...]], ...]
"""Pairs of a dimension and the values that count."""

FEW = 3
"""Up to so many instants are asked directly; more are sums of starts and ends."""


@dataclass(frozen=True, slots=True)
class ByGrain:
    """Time as ids of a grain, from `first` to `last`, over the days of `span`. The key of a result is the id."""

    grain: Grain
    first: int
    last: int
    span: Span


@dataclass(frozen=True, slots=True)
class ByMonths:
    """Time as units of several `lengths` in months (1, 3, 12) at once, all of years of 12 months.

    `grain` is that of the months, calendar or fiscal ones, of which the scan reads `first` to `last`.
    """

    grain: Grain
    lengths: tuple[int, ...]
    first: int
    last: int
    span: Span


@dataclass(frozen=True, slots=True)
class BySpans:
    """Time as given ranges, which may overlap. The key of a result is the range's place in the list."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ByInstants:
    """Time as days, seen at their close. The key of a result is the day's place in the list."""

    days: tuple[date, ...]


Axis = ByGrain | ByMonths | BySpans | ByInstants


@dataclass(frozen=True, slots=True)
class Scan:
    """One reading of the warehouse.

    A row of the result is the time key, the dimensions' values and then, for each measure, its
    `columns`. `only` restricts the rows to tuples of values of `dimensions`.
    `last` is the last day that counts: later rows lie in the future of the answer.
    """

    source: Source
    measures: tuple[Measure, ...]
    dimensions: tuple[str, ...]
    axis: Axis
    filters: Filters = ()
    only: tuple[tuple[str, ...], ...] = ()
    last: date | None = None


def columns(measure: Measure) -> int:
    """Return how many columns a measure has: its value, rows, rows without a value, zero values.

    A count is its own rows, and an average is asked as a total, so that it adds up.
    """
    return 1 if measure.word == "count" and measure.at is not At.MEAN else 4
