"""Targets: what was set for exactly a KPI, a period and cuts. They are looked up, never split or added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from kpicore.engine.reading.scans import Filters
from kpicore.periods import Grain, Period
from kpicore.questions import AMBIGUOUS_TARGET, NO_TARGET

_Key = tuple[str, str, Grain | None, date, date, Filters]


@dataclass(frozen=True, slots=True)
class SetTarget:
    """One target. `kpi` is empty for a goal that no KPI measures; `place` says where it was set.

    `progress` (0 to 1) and `reached` are as given, None where nobody said; `parent` is the id of the
    goal that it is a part of.
    """

    id: str
    kpi: str
    variant: str
    period: Period
    value: float
    cuts: Filters = ()
    unit: str = ""
    parent: str = ""
    weight: float = 1.0
    progress: float | None = None
    reached: float | None = None
    place: str = ""


class Found(NamedTuple):
    """A target, or the reason why there is none."""

    value: float | None
    reason: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Targets:
    """All targets of a workspace, and one line for each that cannot be."""

    all: tuple[SetTarget, ...] = ()
    problems: tuple[str, ...] = ()
    _index: Mapping[_Key, tuple[SetTarget, ...]] = field(default_factory=dict)

    def find(self, kpi: str, variant: str, period: Period, cuts: Filters) -> Found:
        """Return the target of a KPI's variant for exactly this period and these cuts."""
        given = self._index.get((kpi, variant, period.grain, period.start, period.end, cuts), ())
        if not given:
            return Found(None, NO_TARGET, _none(kpi, period, cuts))
        if len({each.value for each in given}) > 1:
            return Found(None, AMBIGUOUS_TARGET, _several(kpi, period, given))
        return Found(given[0].value)

    def ambiguous(self) -> Iterable[str]:
        """Yield one line for each thing that several different targets are set for."""
        for given in self._index.values():
            if len({each.value for each in given}) > 1:
                yield _several(given[0].kpi, given[0].period, given)


NO_TARGETS = Targets()


def indexed(given: Iterable[SetTarget], problems: Iterable[str]) -> Targets:
    """Return targets ready to be looked up."""
    every = tuple(given)
    found: dict[_Key, tuple[SetTarget, ...]] = {}
    for each in every:
        if each.kpi:
            key = (each.kpi, each.variant, each.period.grain, each.period.start, each.period.end, each.cuts)
            found[key] = (*found.get(key, ()), each)
    return Targets(every, tuple(problems), found)


def _none(kpi: str, period: Period, cuts: Filters) -> str:
    told = f"no target for {kpi} in {period} with these cuts"
    several = [name for name, values in cuts if len(values) > 1]
    return f"{told}; targets are not added up over a list of {several[0]}s" if several else told


def _several(kpi: str, period: Period, given: Iterable[SetTarget]) -> str:
    listed = " and ".join(f"{each.value:,g} ({each.place})" for each in given)
    first = next(iter(given))
    cuts = "".join(f", {name} {values[0]}" for name, values in first.cuts)
    return f"several targets for {kpi} in {period}{cuts}: {listed}"
