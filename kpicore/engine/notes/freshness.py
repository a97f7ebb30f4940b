"""Of when the data is that a KPI reads: of the oldest of its sources, and which of them are behind."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kpicore.calendar import local_date
from kpicore.engine.compile.definitions import Definition, Definitions
from kpicore.engine.compile.measures import CompiledInput, Measure
from kpicore.engine.compile.requirements import columns_read, inputs_behind
from kpicore.engine.notes.made_of import MadeOf
from kpicore.model.notes import LAGGING, Note
from kpicore.warehouse import SourceState, State, Warehouse


@dataclass(frozen=True, slots=True)
class DataTime:
    """Of when data is: `today` is the day of `time` where the organisation is; `sources` are those that were read."""

    time: datetime
    today: date
    sources: tuple[SourceState, ...] = ()


class Freshness:
    """Tells of when what KPIs read is, in one state of the data.

    Sources of one day are of one time, the latest of that day: what came in the morning and in the evening says the
    same of the day. A source is `behind` by so many days when it is of an earlier day than the workspace.
    """

    def __init__(self, definitions: Definitions, warehouse: Warehouse, state: State, timezone: str) -> None:
        self._definitions, self._state, self._timezone = definitions, state, timezone
        self._made_of = MadeOf(definitions, warehouse, state)
        self.latest = DataTime(state.time, local_date(state.time, timezone))
        self._by_entity: dict[str, tuple[SourceState, ...]] = {}
        self._times: dict[date, datetime] = {}
        for source in state.sources:
            self._by_entity[source.entity] = (*self._by_entity.get(source.entity, ()), source)
            day = self.day_of(source)
            self._times[day] = max(source.time, self._times.get(day, source.time))
        self._known: dict[str, DataTime] = {}

    @property
    def is_even(self) -> bool:
        """Whether all sources are of the day of the workspace, so that nothing is of an earlier one."""
        return self._times.keys() <= {self.latest.today}

    def day_of(self, source: SourceState) -> date:
        """Return the day of the data of a source; what is said to be of a later day is of that of the workspace."""
        return min(local_date(source.time, self._timezone), self.latest.today)

    def days_behind(self, source: SourceState) -> int:
        """Return by how many days the data of a source is older than that of the workspace."""
        return (self.latest.today - self.day_of(source)).days

    def is_behind(self, source: SourceState) -> bool:
        """Whether a source is older than it is allowed to be."""
        lag = source.allowed_lag
        return lag is not None and timedelta(days=self.days_behind(source)) > lag

    def of(self, definition: Definition) -> DataTime:
        """Return of when the data is that a definition reads, through all the KPIs it is made of; a target is of no
        day."""
        known = self._known.get(definition.place)
        if known is None:
            known = self._known[definition.place] = self.of_inputs(inputs_behind(definition, self._definitions))
        return known

    def of_inputs(self, inputs: Iterable[CompiledInput]) -> DataTime:
        """Return of when the data is that inputs read."""
        measures = (compiled.measure for compiled in inputs)
        return self._of({source for measure in measures if measure for source in self.sources_of(measure)})

    def of_entities(self, entities: Iterable[str]) -> DataTime:
        """Return of when the data of entities is."""
        return self._of({source for entity in entities for source in self._sources(entity, ())})

    def notes(self, sources: Iterable[SourceState]) -> tuple[Note, ...]:
        """Return what to say of those that are behind, each source once."""
        days: dict[str, int] = {}
        for source in filter(self.is_behind, sources):
            days[source.source] = max(self.days_behind(source), days.get(source.source, 0))
        return tuple(Note.of(LAGGING, source=name, days=lag) for name, lag in sorted(days.items()))

    def behind(self, definition: Definition) -> tuple[Note, ...]:
        """Return what to say of the sources of a definition that are behind."""
        return self.notes(self.of(definition).sources)

    def sources_of(self, measure: Measure) -> set[SourceState]:
        """Return the sources of the rows that a measure reads."""
        return {*self._sources(measure.entity, sorted(name for _, name in columns_read(measure) if name))}

    def _of(self, sources: Collection[SourceState]) -> DataTime:
        if not sources:
            return self.latest
        day = min(map(self.day_of, sources))
        time = self._state.time if day == self.latest.today else self._times[day]
        return DataTime(time, day, tuple(sorted(sources, key=_place)))

    def _sources(self, entity: str, columns: Iterable[str]) -> Iterator[SourceState]:
        """Yield the sources of the rows of an entity, as far as these columns tell of them."""
        for name in self._made_of.entities(entity, columns):
            yield from self._by_entity.get(name, ())


def _place(source: SourceState) -> tuple[str, str, str]:
    return source.source, source.stream, source.entity
