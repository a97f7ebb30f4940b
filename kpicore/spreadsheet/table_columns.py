"""The columns of a table of KPIs: what each holds, and how it is called by programs and by people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kpicore.insight.bands import Verdict, verdicts
from kpicore.model.metrics import Metric
from kpicore.model.units import SHARE, Unit

PERIOD, DIMENSION = "period", "dimension"
VALUE, BEFORE, CHANGE, TARGET, REACHED, STATUS = "value", "before", "change", "target", "reached", "status"
"""What a column holds: the key of a period, a dimension value, or something of a KPI."""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column of a table of KPIs. `kind` is what it holds: "period", "dimension", "value", "before", "change",
    "target", "reached" or "status".

    `name` is as KPI_TABLE heads it, `title` as people say it; `metric` and `variant` are those of its KPI. What was
    reached of a target is a share, whatever the KPI's own `unit`; names and verdicts have none.
    """

    kind: str
    name: str
    title: str
    metric: Metric | None = None
    variant: str = ""
    unit: Unit | None = None

    @property
    def meaning(self) -> str:
        """What its KPI means, "" where it is of none or that says nothing."""
        return self.metric.variant(self.variant).meaning if self.metric else ""

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What the bands of the KPI say of the numbers in it; none but of values."""
        if self.kind != VALUE or self.metric is None or self.unit is None:
            return ()
        return verdicts(self.metric, self.variant, self.unit)


def row_columns(by: Iterable[str], *, with_period: bool) -> tuple[TableColumn, ...]:
    """Return the columns that tell what a row is about."""
    period = [TableColumn(PERIOD, "period", "Period")] if with_period else []
    dimensions = [TableColumn(DIMENSION, name, name.replace("_", " ").capitalize()) for name in by]
    return (*period, *dimensions)


def kpi_columns(kpi: str, metric: Metric, variant: str, kinds: Iterable[str]) -> tuple[TableColumn, ...]:
    """Return the columns of a KPI, as it was asked for, of these kinds."""
    unit = metric.variant(variant).unit or metric.unit
    title = metric.name if variant == metric.default else f"{metric.name}, {variant.replace('_', ' ')}"
    units: dict[str, Unit | None] = {REACHED: SHARE, STATUS: None}
    return tuple(
        TableColumn(
            kind,
            kpi if kind == VALUE else f"{kpi} {kind}",
            title if kind == VALUE else f"{title} {kind}",
            metric,
            variant,
            units.get(kind, unit),
        )
        for kind in kinds
    )
