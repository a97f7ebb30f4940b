"""Targets: what was set for exactly a KPI, a period and cuts. They are looked up, never split or added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from kpicore.engine.scans import Filters
from kpicore.engine.sql import quoted
from kpicore.periods import Period
from kpicore.registry import Registry
from kpicore.warehouse import Warehouse

_Key = tuple[str, str, date, Filters]


@dataclass(frozen=True, slots=True)
class Targets:
    """All targets of a workspace by KPI, grain, first day and cuts."""

    values: Mapping[_Key, tuple[Decimal, ...]] = field(default_factory=dict)

    def value(self, kpi: str, variant: str, period: Period, cuts: Filters) -> float | None:
        """Return the target, or None where none or more than one is set."""
        if period.grain is None or any(len(values) != 1 for _, values in cuts):
            return None
        for name in (f"{kpi}.{variant}", kpi):
            found = self.values.get((name, period.grain.value, period.start, cuts))
            if found:
                return float(found[0]) if len(set(found)) == 1 else None
        return None


def read_targets(warehouse: Warehouse, registry: Registry) -> Targets:
    """Return the targets that were loaded; none where the entity is empty."""
    state = warehouse.state.entities.get("target")
    if state is None or not state.rows:
        return Targets()
    dimensions = [each for each in registry.dimensions_of("target") if state.filled.get(each)]
    columns = ["kpi_id", "period_grain", "period_start", "value", *dimensions]
    rows = warehouse.query(f"SELECT {', '.join(quoted(each) for each in columns)} FROM kpi.target")
    found: dict[_Key, tuple[Decimal, ...]] = {}
    for kpi, grain, start, value, *cuts in rows:
        if None in (kpi, grain, start, value):
            continue
        given = tuple(sorted((name, (cut,)) for name, cut in zip(dimensions, cuts, strict=True) if cut is not None))
        key = (str(kpi).casefold(), str(grain).casefold(), start, given)
        found[key] = (*found.get(key, ()), value)
    return Targets(found)
