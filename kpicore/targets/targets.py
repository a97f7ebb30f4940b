"""Targets: what was set for exactly a KPI, a period and cuts. They are looked up, never split or added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from kpicore.calendar import Period
from kpicore.engine.plan.scans import Filters
from kpicore.engine.scan.ports import TargetValue
from kpicore.model.notes import Note
from kpicore.model.questions import AMBIGUOUS_TARGET, NO_TARGET

# KPI, variant, first day, day after the last, whether the period is a unit of the calendar, cuts
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

    def find(self, kpi: str, variant: str, period: Period, cuts: Filters) -> TargetValue:
        """Return the target of a KPI's variant for exactly the days of this period and these cuts.

        FY2026-Q2 and 2026-Q2 may be the same days: what is set under the key that is asked for comes first.
        """
        targets = self._index.get((kpi, variant, *_days(period), cuts), ())
        # or any other of the same days, where none is set under this key
        targets = tuple(target for target in targets if target.period.key == period.key) or targets
        if not targets:
            return TargetValue(None, NO_TARGET, _none(kpi, period, cuts))
        if len({target.value for target in targets}) > 1:
            return TargetValue(None, AMBIGUOUS_TARGET, _several(kpi, period, targets))
        return TargetValue(targets[0].value)

    def ambiguous(self) -> Iterable[Note]:
        """Yield a note on each thing that several different targets are set for."""
        for targets in self._index.values():
            if len({target.value for target in targets}) > 1:
                yield _several(targets[0].kpi, targets[0].period, targets)


def indexed(targets: Iterable[SetTarget], problems: Iterable[str]) -> Targets:
    """Return targets ready to be looked up."""
    every = tuple(targets)
    by_key: dict[_Key, list[SetTarget]] = {}
    for target in every:
        if target.kpi:
            key = (target.kpi, target.variant, *_days(target.period), target.cuts)
            by_key.setdefault(key, []).append(target)
    return Targets(every, tuple(problems), {key: tuple(same) for key, same in by_key.items()})


def _days(period: Period) -> tuple[date, date, bool]:
    return period.start, period.end, period.grain is not None


def _none(kpi: str, period: Period, cuts: Filters) -> Note:
    several = next((name for name, values in cuts if len(values) > 1), "")
    return Note.of("no_target", kpi=kpi, period=period.key, list=several)


def _several(kpi: str, period: Period, same: Iterable[SetTarget]) -> Note:
    # only where keys differ do they tell the targets apart
    keys = {target.period.key for target in same}
    targets = tuple((target.value, target.place, target.period.key if len(keys) > 1 else "") for target in same)
    cuts = tuple((name, values[0]) for name, values in next(iter(same)).cuts)
    return Note.of("several_targets", kpi=kpi, period=period.key, cuts=cuts, targets=targets)
