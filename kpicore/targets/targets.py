"""Targets: what was set for exactly a KPI, a period and cuts. They are looked up, never split or added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from kpicore.calendar import Period
from kpicore.engine.plan.scans import Filters
from kpicore.engine.scan.ports import Found
from kpicore.model.notes import Note
from kpicore.model.questions import AMBIGUOUS_TARGET, NO_TARGET

_Key = tuple[str, str, date, date, bool, Filters]


@dataclass(frozen=True, slots=True)
class SetTarget:
    """One target. `kpi` is empty for a goal that no KPI measures; `place` says where it was set.

    `loaded` tells that it is a row of the data. `progress` (0 to 1) and `reached` are as given, None
    where nobody said; `parent` is the id of the goal that it is a part of.
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
    loaded: bool = False

    def is_set_for(self, period: Period) -> bool:
        """Whether it is set for the days of a period; one for a unit is for no rolling range of the same days."""
        return _days(self.period) == _days(period)


@dataclass(frozen=True, slots=True)
class Targets:
    """All targets of a workspace, and one line for each that cannot be."""

    all: tuple[SetTarget, ...] = ()
    problems: tuple[str, ...] = ()
    _index: Mapping[_Key, tuple[SetTarget, ...]] = field(default_factory=dict)

    def find(self, kpi: str, variant: str, period: Period, cuts: Filters) -> Found:
        """Return the target of a KPI's variant for exactly the days of this period and these cuts.

        FY2026-Q2 and 2026-Q2 may be the same days: what is set under the key that is asked for comes first.
        """
        given = self._index.get((kpi, variant, *_days(period), cuts), ())
        given = tuple(each for each in given if each.period.key == period.key) or given
        if not given:
            return Found(None, NO_TARGET, _none(kpi, period, cuts))
        if len({each.value for each in given}) > 1:
            return Found(None, AMBIGUOUS_TARGET, _several(kpi, period, given))
        return Found(given[0].value)

    def ambiguous(self) -> Iterable[Note]:
        """Yield a note on each thing that several different targets are set for."""
        for given in self._index.values():
            if len({each.value for each in given}) > 1:
                yield _several(given[0].kpi, given[0].period, given)


def indexed(given: Iterable[SetTarget], problems: Iterable[str]) -> Targets:
    """Return targets ready to be looked up."""
    every = tuple(given)
    found: dict[_Key, tuple[SetTarget, ...]] = {}
    for each in every:
        if each.kpi:
            key = (each.kpi, each.variant, *_days(each.period), each.cuts)
            found[key] = (*found.get(key, ()), each)
    return Targets(every, tuple(problems), found)


def _days(period: Period) -> tuple[date, date, bool]:
    return period.start, period.end, period.grain is not None


def _none(kpi: str, period: Period, cuts: Filters) -> Note:
    several = next((name for name, values in cuts if len(values) > 1), "")
    return Note.of("no_target", kpi=kpi, period=period.key, list=several)


def _several(kpi: str, period: Period, given: Iterable[SetTarget]) -> Note:
    keys = {each.period.key for each in given}
    targets = tuple((each.value, each.place, each.period.key if len(keys) > 1 else "") for each in given)
    cuts = tuple((name, values[0]) for name, values in next(iter(given)).cuts)
    return Note.of("several_targets", kpi=kpi, period=period.key, cuts=cuts, targets=targets)
