"""What the sections of a report show, with all its numbers: plain records that all surfaces are drawn from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kpicore import Answer, Better, Listed, Period, Unit, attainment, change


@dataclass(frozen=True, slots=True)
class Kpi:
    """What a number is of: `title` heads it, `name` is the KPI's own.

    With `is_rate` its rows are shown beside it, for a rate of three is no rate of 3,000.
    """

    ref: str
    title: str
    name: str
    unit: Unit
    better: Better
    meaning: str = ""
    is_rate: bool = False


@dataclass(frozen=True, slots=True)
class ReportNumber:
    """One number of a report. `why` tells why there is none; `status` is good, fair, poor or ""."""

    kpi: Kpi
    answer: Answer | None
    why: str = ""
    before: Answer | None = None
    target: float | None = None
    status: str = ""

    @property
    def value(self) -> float | None:
        """The number, None where there is none."""
        return self.answer.value if self.answer else None

    @property
    def n(self) -> int:
        """The rows behind it."""
        return self.answer.n if self.answer else 0

    @property
    def change(self) -> float | None:
        """How much higher it is than before: a share and points as a difference, else as a fraction."""
        return change(self.answer, self.before) if self.answer and self.before else None

    @property
    def reached(self) -> float | None:
        """How much of the target is reached, as a fraction."""
        return attainment(self.value, self.target, self.kpi.better)


@dataclass(frozen=True, slots=True)
class TableLine:
    """Numbers that belong together, and what they are about."""

    label: str
    numbers: tuple[ReportNumber, ...]


@dataclass(frozen=True, slots=True)
class FigureTable:
    """KPIs below each other."""

    title: str
    numbers: tuple[ReportNumber, ...]


@dataclass(frozen=True, slots=True)
class MemberTable:
    """KPIs beside each other, a line for each member of the dimensions `by`; `whole` is all of them together.

    `remarks` say what the table cannot show, and how it could.
    """

    title: str
    by: tuple[str, ...]
    kpis: tuple[Kpi, ...]
    lines: tuple[TableLine, ...]
    whole: TableLine
    chart: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MyNumber:
    """My number beside the median of all members; where there is none, `why` tells."""

    number: ReportNumber
    median: float | None
    members: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class MyTable:
    """My numbers, and of the others nothing but their median."""

    title: str
    by: str
    me: str
    numbers: tuple[MyNumber, ...]

    @property
    def others(self) -> str:
        """What all members are called together."""
        return f"{self.by.replace('_', ' ')}s"


@dataclass(frozen=True, slots=True)
class MonthTable:
    """KPIs by month, a line for each."""

    title: str
    months: tuple[Period, ...]
    lines: tuple[TableLine, ...]


@dataclass(frozen=True, slots=True)
class RowTable:
    """Rows of a listing."""

    title: str
    listed: Listed
    why: str = ""


Shown = FigureTable | MemberTable | MyTable | MonthTable | RowTable


def numbers_of(section: Shown) -> Iterator[ReportNumber]:
    """Yield every number that a section shows."""
    match section:
        case FigureTable():
            yield from section.numbers
        case MyTable():
            yield from (number.number for number in section.numbers)
        case MemberTable():
            yield from (number for line in (section.whole, *section.lines) for number in line.numbers)
        case MonthTable():
            yield from (number for line in section.lines for number in line.numbers)
