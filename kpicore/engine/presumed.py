"""Why a measure can have no value before any row is read: also as nobody gave what its fields presume."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta

from kpicore.engine.columns import columns_read
from kpicore.engine.leaves import Leaf
from kpicore.engine.measures import Alive, Grouped, Measure
from kpicore.engine.memory import MOST_MEASURES, Recent
from kpicore.engine.stage_facts import STAYS, StageFacts, stage_facts
from kpicore.engine.status import Missing, not_loaded, not_started, outside, unfilled
from kpicore.entities import Entity, Field, How, Knowledge, LookUp, RollUp, Type, day_name
from kpicore.errors import KpiError
from kpicore.expressions import names, parse_row
from kpicore.inputs import At
from kpicore.lineage import Column
from kpicore.notes import Note
from kpicore.questions import NO_STAGE_HISTORY, NO_STAGE_ORDER
from kpicore.registry import Registry
from kpicore.turns import once
from kpicore.warehouse import State, Warehouse

_NOTHING: frozenset[Knowledge] = frozenset()


class Presumed:
    """Tells what measures presume, and which of it nobody gave."""

    def __init__(
        self,
        registry: Registry,
        settings: Mapping[str, object],
        warehouse: Warehouse,
        state: State,
        timezone: str,
        today: date,
    ) -> None:
        self._registry, self._settings, self._warehouse = registry, settings, warehouse
        self._state, self._timezone, self._today = state, timezone, today
        self._of_columns: dict[Column, frozenset[Knowledge]] = {}
        self._of_measures: Recent[tuple[str, tuple[str, ...]], frozenset[Knowledge]] = Recent(MOST_MEASURES)
        self._absent: Recent[str, tuple[Missing, ...]] = Recent(MOST_MEASURES)

    @once
    def facts(self) -> StageFacts:
        """What is known of stages; read when anything presumes it."""
        return stage_facts(self._warehouse, self._state, self._timezone)

    def missing(self, leaf: Leaf) -> Missing | None:
        """Return why a leaf can have no value before any row is read, or None when it can."""
        measure, period, today = leaf.measure, leaf.period, leaf.today
        return (
            not_started(period, today, leaf.plan)
            or self._not_known(leaf)
            or self._not_loaded(measure)
            or outside(measure, period, today, leaf.plan, self._state)
        )

    def lacking(self, measure: Measure) -> Missing | None:
        """Return what a measure lacks of any period, or None."""
        needed = self.of(measure, ())
        unknown = None
        if needed and not self._is_empty(measure.entity):
            unknown = self._missing(needed, self._today, self._today, self._today)
        return unknown or self._not_loaded(measure)

    def _not_loaded(self, measure: Measure) -> Missing | None:
        """Return what was never loaded, or None; where it is stages, the reason says so."""
        found = self._absent.get(measure.key)
        if found is None:
            absent = self._never_given(measure)
            found = (absent,) if absent else ()
            self._absent.update({measure.key: found})
        return found[0] if found else None

    def _never_given(self, measure: Measure) -> Missing | None:
        absent = not_loaded(measure, self._state, self._registry)
        if absent is None:
            return None
        empty = unfilled(measure, self._state, self._registry)
        needed = _NOTHING.union(*(self.column(measure.entity, each) for each in empty))
        made = self._registry.entity(measure.entity).made
        if not needed or (made and self._is_empty(measure.entity)):
            return absent
        if Knowledge.STAGE_HISTORY in needed and not self.facts.given:
            return Missing(NO_STAGE_HISTORY, absent.detail)
        if Knowledge.STAGE_ORDER in needed and not self.facts.ordered:
            return Missing(NO_STAGE_ORDER, Note.of("stages_unordered", stages=self.facts.unplaced))
        return absent

    def _not_known(self, leaf: Leaf) -> Missing | None:
        needed = self.of(leaf.measure, (*leaf.names, *(name for name, _ in leaf.lists)))
        if not needed or self._is_empty(leaf.measure.entity):
            return None
        if Knowledge.STAGE_ON_DAY in needed and not _stands(leaf.measure):
            needed |= {Knowledge.STAGE_HISTORY}
        if leaf.measure.entity != STAYS:  # what was made of stages stands in rows without a day of theirs
            return self._missing(needed, leaf.today, leaf.today, leaf.today)
        last = min(leaf.period.last, leaf.today)
        return self._missing(needed, last, _looked_at(leaf.measure, leaf, last), leaf.today)

    def untold(self, needed: frozenset[Knowledge], day: date) -> Missing | None:
        """Return what of this knowledge nobody has of a day, or None."""
        return self._missing(needed, day, day, self._today)

    def notes(self, leaf: Leaf) -> Iterator[Note]:
        """Yield since when stages are known, where a source told them from a day within the period on."""
        needed = self.of(leaf.measure, ())
        if Knowledge.STAGE_HISTORY not in needed or leaf.measure.entity != STAYS:
            return
        if self.facts.given and leaf.period.start < self.facts.since:
            yield Note.of("stages_since", day=self.facts.since)

    def of(self, measure: Measure, dimensions: Collection[str]) -> frozenset[Knowledge]:
        """Return what a measure presumes, cut by dimensions."""
        key = (measure.key, (*dimensions,))
        found = self._of_measures.get(key)
        if found is None:
            keys = (self._registry.key_of(measure.entity, each) or each for each in dimensions)
            read = {*columns_read(measure), *((measure.entity, each) for each in keys)}
            found = _NOTHING.union(*(self.column(*each) for each in read if each[1]))
            self._of_measures.update({key: found})
        return found

    def column(self, entity: str, name: str) -> frozenset[Knowledge]:
        """Return what a column presumes: what its field says, or all the ways to fill it presume."""
        key = (entity, name)
        if key not in self._of_columns:
            self._of_columns[key] = _NOTHING  # what a field reads of itself, around a circle, adds nothing
            self._of_columns[key] = self._column(self._registry.entity(entity), name)
        return self._of_columns[key]

    def _column(self, entity: Entity, name: str) -> frozenset[Knowledge]:
        field = entity.field(name)
        if field is None:
            dimension = self._registry.dimensions.get(name)
            own = self._registry.key_of(entity.name, name) if dimension else ""
            return self.column(entity.name, own) if own else _NOTHING
        said = frozenset(field.presumes)
        moment = _moment_of(entity, field)
        if moment is not None:
            return said | self.column(entity.name, moment)
        ways = [self._way(entity.name, each) for each in field.how]
        return said | frozenset.intersection(*ways) if ways else said

    def _way(self, entity: str, how: How) -> frozenset[Knowledge]:
        match how:
            case str():
                return self._named(entity, how)
            case LookUp():
                return self.column(entity, how.through) | self.column(how.entity, how.field)
            case RollUp(key, aggregate):
                if not isinstance(aggregate.entity, str):
                    return _NOTHING
                read = (each for each in (key, aggregate.value, aggregate.when, aggregate.where) if each)
                return _NOTHING.union(*(self._named(aggregate.entity, each) for each in read))
        return self.column(how.entity, how.field)

    def _named(self, entity: str, text: str) -> frozenset[Knowledge]:
        columns: Mapping[str, Type] = {each.name: each.type for each in self._registry.entity(entity).fields}
        try:
            node = parse_row(text, columns, settings=self._settings, given=columns)
        except KpiError:  # the load refuses it, and says so
            return _NOTHING
        return _NOTHING.union(*(self.column(entity, name) for space, name in names(node) if not space))

    def _missing(self, needed: frozenset[Knowledge], last: date, looked_at: date, today: date) -> Missing | None:
        facts = self.facts
        if Knowledge.STAGE_HISTORY in needed and not facts.is_known(last, today):
            return Missing(NO_STAGE_HISTORY, _unknown(facts))
        if Knowledge.STAGE_ON_DAY in needed and looked_at < facts.since:
            return Missing(NO_STAGE_HISTORY, _unknown(facts))
        if Knowledge.STAGE_ORDER in needed and not facts.ordered:
            return Missing(NO_STAGE_ORDER, Note.of("stages_unordered", stages=facts.unplaced))
        return None

    def _is_empty(self, entity: str) -> bool:
        state = self._state.entities.get(entity)
        return state is None or not state.rows


def _stands(measure: Measure) -> bool:
    source = measure.source.inner.source if isinstance(measure.source, Grouped) else measure.source
    return isinstance(source, Alive)


def _unknown(facts: StageFacts) -> Note:
    return Note.of("stages_before_given" if facts.given else "stages_before", day=facts.since)


def _looked_at(measure: Measure, leaf: Leaf, last: date) -> date:
    """Return the first day on which a measure looks at rows."""
    match measure.source:
        case Alive() if measure.at is At.END:
            return last
        case Alive() if measure.at is not At.START:
            return min(leaf.period.start, last)
        case Alive():
            return leaf.period.start - timedelta(days=1)
        case Grouped(_, inner) if isinstance(inner.source, Alive):
            return leaf.period.start - timedelta(days=1)
    return last


def _moment_of(entity: Entity, field: Field) -> str | None:
    if field.type is not Type.DATE:
        return None
    moments = (each.name for each in entity.fields if each.type is Type.MOMENT)
    return next((each for each in moments if day_name(each) == field.name), None)
