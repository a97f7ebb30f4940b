"""What a load did, for a person to read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from kpicore.model.notes import Note


@dataclass(frozen=True, slots=True)
class EntityReport:
    """Rows of one entity that the sources gave: new, changed, unchanged; and all rows there are now."""

    entity: str
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    total: int = 0
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceReport:
    """How one source fared. With an `error` nothing of it was kept.

    `values` could not be read and were loaded empty, `rows` were left out; both are in quarantine.
    """

    source: str
    values: int = 0
    rows: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """One load. `version` is the data version after it, None when every source failed and nothing was published.

    `data_time` is the instant that its sources show; the data may be of a later one.
    `remade` tells which tables were made anew as their definitions had changed, "" when none was.
    """

    entities: tuple[EntityReport, ...]
    sources: tuple[SourceReport, ...]
    version: str | None
    data_time: datetime
    seconds: float
    remade: str = ""

    @property
    def errors(self) -> tuple[str, ...]:
        """What went wrong, one line a source."""
        return tuple(f"{source.source}: {source.error}" for source in self.sources if source.error)

    def noted(self, entity: str, notes: Iterable[Note]) -> LoadReport:
        """Return the report with more notes on an entity."""
        entities = (
            replace(report, notes=tuple(dict.fromkeys((*report.notes, *notes)))) if report.entity == entity else report
            for report in self.entities
        )
        return replace(self, entities=tuple(entities))

    def entity(self, name: str) -> EntityReport:
        """Return the report of that entity, all zero when it was not there."""
        return next((report for report in self.entities if report.entity == name), EntityReport(name))
