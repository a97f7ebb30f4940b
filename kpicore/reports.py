"""A report as data: titled sections of KPIs, of rows, and of KPIs over time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kpicore.errors import BadDefinition
from kpicore.listings import Listing

Kpis = tuple[str, ...] | Mapping[str, str]
"""KPIs as they are asked for, "win_rate.created"; or under titles of the report's own: {"Went on": "…"}."""


def titled(kpis: Kpis) -> tuple[tuple[str, str], ...]:
    """Return pairs of a title, "" for the KPI's own name, and a KPI."""
    return tuple(kpis.items()) if isinstance(kpis, Mapping) else tuple(("", each) for each in kpis)


@dataclass(frozen=True, slots=True)
class Figures:
    """KPIs below each other: now, before, the change, the target and how much of it is reached.

    What is expected of a whole period is not `compared`: half of an earlier one is no measure of it.
    """

    title: str
    kpis: Kpis
    compared: bool = True


@dataclass(frozen=True, slots=True)
class Breakdown:
    """KPIs beside each other, a line for each member of `by`; `()` means what the reader asks for.

    Where a KPI of it presumes a stage history or an order of the stages that nobody gave, the breakdown
    `without_stages` stands in its place. The lines stand in the order of their names (stages in that of their
    position), with `ranked` the highest of the first KPI first. `chart` draws the first KPI: "bars", "funnel"
    (with the share that goes on, if the second is one) or "".
    """

    title: str
    kpis: Kpis
    by: tuple[str, ...] = ()
    ranked: bool = False
    chart: str = ""
    without_stages: Breakdown | None = None

    def __post_init__(self) -> None:
        if self.chart not in CHARTS:
            raise BadDefinition(f"section '{self.title}'", f"its chart is 'bars' or 'funnel', not '{self.chart}'")


@dataclass(frozen=True, slots=True)
class Trend:
    """KPIs over the months up to the period's end, drawn as lines, with their targets."""

    title: str
    kpis: Kpis
    months: int = 12


Section = Figures | Breakdown | Trend | Listing
CHARTS = ("", "bars", "funnel")


@dataclass(frozen=True, slots=True)
class Report:
    """A report for `kpi report`. `by` is what its open breakdowns are by when the reader does not say.

    One that `replaces` stands in for the built-in report of its id.
    """

    id: str
    name: str
    sections: tuple[Section, ...]
    meaning: str = ""
    by: tuple[str, ...] = ("rep",)
    source: str = ""
    replaces: bool = False

    def __post_init__(self) -> None:
        where = f"report '{self.id}'"
        if re.fullmatch(r"[a-z][a-z0-9_]*", self.id) is None:
            raise BadDefinition(where, "its id is lower-case letters, digits and underscores")
        if not self.sections:
            raise BadDefinition(where, "it has no sections")
