"""A report as data: titled sections of KPIs, of rows, and of KPIs over time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kpicore.errors import BadDefinition
from kpicore.model.checked import check_choice, check_fields, check_range, place
from kpicore.model.field_kinds import Id, Label
from kpicore.model.listings import Listing

Kpis = tuple[Label, ...] | Mapping[Label, Label]
"""KPIs as they are asked for, "loans.renewed"; or under titles of the report's own: {"Went on": "…"}."""


def titled(kpis: Kpis) -> tuple[tuple[str, str], ...]:
    """Return pairs of a title, "" for the KPI's own name, and a KPI."""
    return tuple(kpis.items()) if isinstance(kpis, Mapping) else tuple(("", kpi) for kpi in kpis)


@dataclass(frozen=True, slots=True)
class Figures:
    """KPIs below each other: now, before, the change, the target and how much of it is reached.

    What is expected of a whole period is not `compared`: half of an earlier one is no measure of it.
    """

    title: Label
    kpis: Kpis
    compared: bool = True

    def __post_init__(self) -> None:
        check_fields(self, "section", "title")


@dataclass(frozen=True, slots=True)
class Breakdown:
    """KPIs beside each other, a line for each value of the dimensions `by`; `()` means what the reader asks for.

    Where a KPI of it presumes what nobody gave, the breakdown `instead` stands in its place. The lines stand in the
    order of their names (of rows with a position in that of it), with `ranked` the highest of the first KPI first.
    `chart` draws the first KPI: "bars", "funnel" (with the share that goes on, if the second is one) or "".
    """

    title: Label
    kpis: Kpis
    by: tuple[str, ...] = ()
    ranked: bool = False
    chart: str = ""
    instead: Breakdown | None = None

    def __post_init__(self) -> None:
        check_fields(self, "section", "title")
        where = place("section", self.title)
        check_choice(where, "chart", self.chart, CHARTS)
        if self.instead is not None and self.instead.instead is not None:
            raise BadDefinition(where, "what stands in its place has nothing that stands in its own")


@dataclass(frozen=True, slots=True)
class Trend:
    """KPIs over the months up to the period's end, drawn as lines, with their targets."""

    title: Label
    kpis: Kpis
    months: int = 12

    def __post_init__(self) -> None:
        check_fields(self, "section", "title")
        check_range(place("section", self.title), "months", self.months, 1, 120)


Section = Figures | Breakdown | Trend | Listing
CHARTS = ("", "bars", "funnel")


@dataclass(frozen=True, slots=True)
class Report:
    """A report for `kpi report`. `by` is what its open breakdowns are by when the reader does not say: needed with one.

    One that `replaces` stands in for the built-in report of its id.
    """

    id: Id
    name: Label
    sections: tuple[Section, ...]
    meaning: str = ""
    by: tuple[str, ...] = ()
    source: str = ""
    replaces: bool = False

    def __post_init__(self) -> None:
        check_fields(self, "report", "id")
        if not self.sections:
            raise BadDefinition(place("report", self.id), "it has no sections")
        if self.is_open and not self.by:
            hint = 'Write dimensions, for the report or the section: by=("branch",).'
            raise BadDefinition(place("report", self.id), "nothing says what its open breakdown is by", hint=hint)

    @property
    def is_open(self) -> bool:
        """Whether it has a breakdown by what the reader asks for."""
        return any(_is_open(section) for section in self.sections)


def _is_open(section: Section | None) -> bool:
    return isinstance(section, Breakdown) and (not section.by or _is_open(section.instead))
