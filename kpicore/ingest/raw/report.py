"""What a load did, for a person to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from kpicore.errors import KpiError
from kpicore.model.notes import Note


@dataclass(frozen=True, slots=True)
class EntityReport:
    """Rows of one entity that the sources gave: new, changed, unchanged; and all rows there are now.

    `emptied` of the changed ones have lost a value, `replaced` of them are other rows under an old id, such as the
    `example`; `gone` are those that were taken out.
    """

    entity: str
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    total: int = 0
    notes: tuple[Note, ...] = ()
    gone: int = 0
    emptied: int = 0
    replaced: int = 0
    example: str = ""

    def plus(self, other: EntityReport) -> EntityReport:
        """Return both together; the total is not known yet."""
        counts = {name: getattr(self, name) + getattr(other, name) for name in _COUNTS}
        notes, example = (*self.notes, *other.notes), self.example or other.example
        return EntityReport(self.entity, notes=notes, example=example, **counts)


_COUNTS = ("new", "changed", "unchanged", "gone", "emptied", "replaced")


@dataclass(frozen=True, slots=True)
class Vanished:
    """Rows of a stream that were not among what it gave now, of so many that it had, with some of their names.

    They are there still unless they were `removed`. `values` tell how often each word of their fields with codes comes,
    `alike` the fields with codes and references in which all rows that were given now have the same value.
    """

    source: str
    stream: str
    entity: str
    rows: int
    of: int
    examples: tuple[str, ...] = ()
    removed: bool = False
    values: Mapping[str, Mapping[str, int]] = field(default_factory=lambda: MappingProxyType({}))
    alike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceReport:
    """How one source fared. With an `error` nothing of it was kept, or only what it gave up to its last checkpoint.

    `values` could not be read and were loaded empty, `rows` were left out; both are in quarantine. `refused` is an
    error that somebody may settle: what it would have lost, doubled or overwritten, or what is to be read again first.
    """

    source: str
    values: int = 0
    rows: int = 0
    error: str = ""
    refused: KpiError | None = None


@dataclass(frozen=True, slots=True)
class LoadReport:
    """One load. `version` is the data version after it, None when every source failed and nothing was published.

    `data_time` is the instant that its sources show; the data may be of a later one.
    `remade` tells which tables were made anew as their definitions had changed, "" when none was. `vanished` tells of
    rows that streams gave earlier and not now. `number` is that of the load.
    """

    entities: tuple[EntityReport, ...]
    sources: tuple[SourceReport, ...]
    version: str | None
    data_time: datetime
    seconds: float
    remade: str = ""
    vanished: tuple[Vanished, ...] = ()
    number: int = 0

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
