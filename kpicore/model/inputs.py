"""The words a metric is made of. Each input is one aggregate over ONE entity, or another metric.

How an input adds up decides how it may be cached and rolled up:

    word                                        over time   over dimensions
    count, total                                yes         yes
    standing at=START, END or MEAN              no          yes
    distinct, average, median, percentile,
    earliest, latest, standing DURING           no          no (DURING: yes)
    anything over per(...)                      no          no

An average is asked as a total and a count, so that it rolls up exactly.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from kpicore.errors import BadDefinition
from kpicore.model.checked import check_choice, check_fields, check_range
from kpicore.model.field_kinds import MAPPINGS
from kpicore.text.plain_text import value_shown

STEPS = ("previous", "year")
"""What an earlier period may be, beside so many months before."""

MONTHS_BACK = re.compile(r"(\d{1,3}|setting\.(\w+)) months?")


class At(Enum):
    """The instant or stretch of a period at which a stock is counted."""

    START = "start"
    END = "end"
    MEAN = "mean"
    DURING = "during"


AGGREGATES = ("count", "total", "distinct", "average", "percentile", "latest", "earliest")
MIDDLE = 0.5
"""The share of the percentile that is called the median."""

START, END, MEAN, DURING = At.START, At.END, At.MEAN, At.DURING


@dataclass(frozen=True, slots=True)
class Standing:
    """A stock, the rows alive at an instant: since <= t < until, an open end is null. Counts rows, or sums `value`.

    A bare date `until` is the first day without the row. Where `until` is the day of a moment (`closed_on`)
    the row is there until that moment: at the close of that day no more, DURING it still.
    """

    entity: str
    since: str
    until: str
    value: str = ""
    at: At = At.END
    where: str = ""
    regardless_of: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_fields(self, "standing(…)")


@dataclass(frozen=True, slots=True)
class Per:
    """One row per distinct `key`, with the state of `input` for it.

    Over a stock the row has `at_start` and `at_end`; over any other it has `value`.
    """

    key: str
    input: Aggregate | Standing

    def __post_init__(self) -> None:
        check_fields(self, "per(…)")
        if type(self.input.entity) is Per:
            raise BadDefinition("per(…)", "it cannot stand inside another per(…)")


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One aggregate over the rows of an entity whose `when` falls into the period."""

    word: str
    entity: str | Per
    value: str = ""
    when: str = ""
    where: str = ""
    share: float = 0.0
    regardless_of: tuple[str, ...] = ()
    expects: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __post_init__(self) -> None:
        check_fields(self, "input", "word")
        check_choice("input", "word", self.word, AGGREGATES)
        check_range(f"{self.word}(…)", "share", self.share, 0, 1)


@dataclass(frozen=True, slots=True)
class MetricValue:
    """The value of another metric's variant for the same question."""

    ref: str

    def __post_init__(self) -> None:
        check_fields(self, "metric(…)")


@dataclass(frozen=True, slots=True)
class Earlier:
    """The value of another metric for an earlier period: `step` is "previous", "year" or "3 months"."""

    ref: str
    step: str

    def __post_init__(self) -> None:
        check_fields(self, "earlier(…)")


def is_step(step: str) -> bool:
    """Whether a definition may look back so: "previous", "year", "3 months", "setting.lag months"."""
    return step in STEPS or MONTHS_BACK.fullmatch(step) is not None


@dataclass(frozen=True, slots=True)
class Target:
    """The target set for a metric, for exactly the question's period and filters."""

    ref: str

    def __post_init__(self) -> None:
        check_fields(self, "target(…)")


Input = Aggregate | Standing | MetricValue | Earlier | Target

_Names = str | tuple[str, ...]
_Expects = Mapping[str, tuple[str, ...]]


def _names(names: _Names) -> tuple[str, ...]:
    if not isinstance(names, str):
        return names
    return (names,) if names else ()


def count(
    entity: str | Per, *, when: str = "", where: str = "", regardless_of: _Names = (), expects: _Expects | None = None
) -> Aggregate:
    """Count the rows; 0 over none."""
    return Aggregate("count", entity, "", when, where, 0.0, _names(regardless_of), _expected(expects))


def total(
    entity: str | Per,
    value: str,
    *,
    when: str = "",
    where: str = "",
    regardless_of: _Names = (),
    expects: _Expects | None = None,
) -> Aggregate:
    """Sum a row expression; 0 over no rows."""
    return Aggregate("total", entity, value, when, where, 0.0, _names(regardless_of), _expected(expects))


def distinct(
    entity: str | Per, value: str, *, when: str = "", where: str = "", regardless_of: _Names = ()
) -> Aggregate:
    """Count the distinct values that are not null; 0 over no rows."""
    return Aggregate("distinct", entity, value, when, where, 0.0, _names(regardless_of))


def average(entity: str | Per, value: str, *, when: str = "", where: str = "", regardless_of: _Names = ()) -> Aggregate:
    """Average a row expression over the rows where it is not null; no value over none."""
    return Aggregate("average", entity, value, when, where, 0.0, _names(regardless_of))


def median(entity: str | Per, value: str, *, when: str = "", where: str = "", regardless_of: _Names = ()) -> Aggregate:
    """Return the interpolated median; no value over no rows."""
    return Aggregate("percentile", entity, value, when, where, MIDDLE, _names(regardless_of))


def aggregate_name(word: str, share: float) -> str:
    """Return what people call an aggregate: the percentile in the middle is the median."""
    return "median" if word == "percentile" and share == MIDDLE else word


def percentile(
    entity: str | Per, value: str, share: float, *, when: str = "", where: str = "", regardless_of: _Names = ()
) -> Aggregate:
    """Return the interpolated percentile at `share` (0.9 for p90); no value over no rows."""
    return Aggregate("percentile", entity, value, when, where, share, _names(regardless_of))


def latest(entity: str, value: str, *, when: str, where: str = "") -> Aggregate:
    """Return the value on the row with the latest `when`; no value over no rows."""
    return Aggregate("latest", entity, value, when, where)


def earliest(entity: str, value: str, *, when: str, where: str = "") -> Aggregate:
    """Return the value on the row with the earliest `when`; no value over no rows."""
    return Aggregate("earliest", entity, value, when, where)


def standing(
    entity: str,
    value: str = "",
    *,
    since: str,
    until: str,
    at: At = At.END,
    where: str = "",
    regardless_of: _Names = (),
) -> Standing:
    """Count the rows alive at an instant, or sum `value` over them."""
    return Standing(entity, since, until, value, at, where, _names(regardless_of))


def per(key: str, input: Aggregate | Standing) -> Per:
    """Group `input` by `key`, to be aggregated once more."""
    return Per(key, input)


def metric(ref: str) -> MetricValue:
    """Use another metric, "loans" or "loans.renewed"."""
    return MetricValue(ref)


def earlier(ref: str, step: str) -> Earlier:
    """Use another metric at the "previous" period, or the same period a "year" or "3 months" ago.

    The months may be a setting: "setting.lag_months months".
    """
    return Earlier(ref, step)


def target(ref: str) -> Target:
    """Use the target set for a metric."""
    return Target(ref)


def _expected(expects: _Expects | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if expects is not None and type(expects) not in MAPPINGS:
        raise BadDefinition("input", f"its expects is a dict of tuples of texts, not {value_shown(expects)}")
    return tuple((expects or {}).items())
