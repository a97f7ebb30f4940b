"""A report for a period, filled: what screen, page, workbook and grid are drawn from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from kpicore import Note, Period, Wording, data_words
from kpicore_reports.filled_sections import FigureTable, ReportNumber, Shown

if TYPE_CHECKING:
    from kpicore_xlsx.grid import Grid


@dataclass(frozen=True, slots=True)
class FilledReport:
    """A report for a period. `cuts` tell in words what it is restricted to; `notes` stand at its end once.

    `data_time` is that of the latest data, `oldest` that of the oldest which a number of it reads.
    """

    id: str
    name: str
    meaning: str
    company: str
    period: Period
    progress: str
    before: Period | None
    cuts: str
    currency: str
    timezone: str
    data_time: datetime
    oldest: datetime
    data_version: str
    data_day: date
    sections: tuple[Shown, ...]
    notes: tuple[str, ...]
    wording: Wording

    @property
    def subtitle(self) -> str:
        """The period, how far it is, what it is compared with, and what the report is restricted to."""
        parts = [f"{self.period}{f' {self.progress}' if self.progress else ''}"]
        parts += [self.wording.note(Note.of("compared", periods=self.before.with_days))] if self.before else []
        parts += [self.cuts] if self.cuts else []
        return ", ".join(parts)

    @property
    def band(self) -> str:
        """The line below the name on top of a sheet."""
        return f"{self.company}. {self.subtitle}. Amounts in {self.currency}."

    @property
    def now(self) -> str:
        """What heads the numbers of the period."""
        return "To date" if self.progress else str(self.period)

    @property
    def data_line(self) -> str:
        """What data the numbers are of."""
        return f"{self.data_words}, version {self.data_version}."

    @property
    def data_words(self) -> str:
        """Of when the data is."""
        return f"Data of {data_words((self.oldest, self.data_time), self.timezone)}"

    def grid(self) -> Grid:
        """Return all of it as cells: the sections below each other, the notes and what data it is of at the end."""
        from kpicore_reports.report_grid import section_grid, whole_grid

        sections = [
            (section.title, section_grid(section, self.now, self.wording, self.timezone)) for section in self.sections
        ]
        return whole_grid((self.name, self.band), sections, self.notes, self.data_line)

    def figures(self) -> Iterator[ReportNumber]:
        """Yield the numbers of all tables of figures."""
        for section in self.sections:
            if isinstance(section, FigureTable):
                yield from section.numbers
