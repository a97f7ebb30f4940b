"""What an answer as of an earlier day says of itself: what is not known of the day, and what is another since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from kpicore.calendar import Period
from kpicore.engine.compile.definitions import Definition
from kpicore.engine.compile.measures import Measure
from kpicore.engine.compile.requirements import columns_read
from kpicore.ingest.catalog.redefined import KPI, Redefined, kpi_names
from kpicore.language import names
from kpicore.lineage import CALENDAR, Column, Lineage, setting
from kpicore.lineage.lineage import name_of
from kpicore.model.notes import Note
from kpicore.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class Past:
    """What is to be said of answers as of `day`; `today` is the day of the data.

    `first` is the day of the first load, which is later where the day `is_before`; `carried` the day before which
    an earlier version kept a part of the past only.
    """

    today: date
    day: date
    first: date
    is_before: bool
    carried: date | None
    redefined: tuple[Redefined, ...]
    lineage: Lineage
    registry: Registry

    def notes(self, measure: Measure) -> tuple[Note, ...]:
        """Return what to say of an input."""
        return tuple(self._notes(measure))

    def definition_notes(self, definition: Definition, period: Period) -> tuple[Note, ...]:
        """Return what to say of a KPI itself, and of the calendar that its period is one of."""
        if not self.redefined:
            return ()
        read = {setting(f"setting.{name}") for space, name in names(definition.formula) if space == "setting"}
        if period.grain is not None:
            read.add((CALENDAR, period.grain.value))
        called = (KPI + name for name in kpi_names(definition.metric, definition.variant))
        return tuple(self._redefinitions([*called, *map(name_of, self.lineage.behind(read))]))

    def _notes(self, measure: Measure) -> Iterator[Note]:
        entity = measure.entity
        if self.is_before and _changes(self.registry, entity):
            yield Note.of("before_first_load", as_of=self.day, entity=entity, first=self.first)
        elif self.carried is not None:
            yield Note.of("past_in_part", day=self.carried, entity=entity)
        if self.redefined:
            # what a column is made from may have been redefined, too: the lineage tells
            read: set[Column] = {*columns_read(measure), *(setting(f"setting.{name}") for name in measure.settings)}
            yield from self._redefinitions(name_of(column) for column in self.lineage.behind(read))

    def _redefinitions(self, columns: Iterable[str]) -> Iterator[Note]:
        behind = {*columns}
        for redefined in self.redefined:
            if redefined.name in behind:
                yield Note.of("redefined", what=redefined.words, since=redefined.since)


def _changes(registry: Registry, entity: str) -> bool:
    """Return whether rows of an entity have fields that change while they live: a state, or an end, among others."""
    return any(
        field.tracked or field.ends or (field.codes is not None and field.codes.closed)
        for field in registry.entity(entity).fields
    )
