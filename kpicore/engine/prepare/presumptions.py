"""Why a measure can have no value before any row is read: also as nobody gave what its fields presume."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta

from kpicore.calendar import Calendar
from kpicore.engine.compile.columns import columns_read
from kpicore.engine.compile.measures import Alive, Grouped, Measure
from kpicore.engine.plan.availability import Missing, not_loaded, not_started, outside, unfilled
from kpicore.engine.plan.memory import MOST_MEASURES, Recent
from kpicore.engine.plan.requests import Leaf
from kpicore.engine.scan.made_tables import Tables
from kpicore.errors import KpiError, WarehouseError
from kpicore.language import names, parse_row
from kpicore.lineage import Column
from kpicore.model.evidence import Evidence
from kpicore.model.inputs import At
from kpicore.model.notes import TEXT, Note
from kpicore.model.presumptions import Presumption
from kpicore.model.questions import NOT_LOADED
from kpicore.model.schema import Entity, Field, How, LookUp, RollUp, Type, day_name
from kpicore.registry.registry import Registry
from kpicore.text.plain_text import value_shown
from kpicore.turns import GivenUp
from kpicore.utils.isolation import failure_words
from kpicore.warehouse import State, Warehouse

_NOTHING: frozenset[str] = frozenset()
_OURS = (WarehouseError, GivenUp, KeyboardInterrupt)
"""What is raised through a plugin's function and is none of its faults."""


class Presumed:
    """Tells what measures presume, and which of it nobody gave."""

    def __init__(
        self,
        registry: Registry,
        settings: Mapping[str, object],
        warehouse: Warehouse,
        state: State,
        calendar: Calendar,
        today: date,
    ) -> None:
        self._registry, self._settings, self._warehouse = registry, settings, warehouse
        self._state, self._calendar, self._today = state, calendar, today
        self._evidence: dict[str, Evidence] = {}
        self._of_columns: dict[Column, frozenset[str]] = {}
        self._of_measures: Recent[tuple[str, tuple[str, ...]], frozenset[str]] = Recent(MOST_MEASURES)
        self._absent: Recent[str, tuple[Missing, ...]] = Recent(MOST_MEASURES)

    def tables(self) -> Tables:
        """Return the made tables, for statements of plugins. Nobody here keeps them: they know who gave them."""
        asked = self._registry, self._calendar, self._warehouse, self._state, self._settings
        return Tables(*asked, self.unknown)

    def evidence(self, presumption: Presumption) -> Evidence:
        """Return what the data knows of a presumption; looked at when anything presumes it."""
        if presumption.name not in self._evidence:
            self._evidence[presumption.name] = self._looked(presumption)
        return self._evidence[presumption.name]

    def _looked(self, presumption: Presumption) -> Evidence:
        try:
            found = presumption.look(self.tables())
            if type(found) is Evidence:
                return found
            problem = f"its look gives {value_shown(found)}"
        except _OURS:
            raise
        except BaseException as error:  # foreign code: whatever it raises is a reason, and never a number
            problem = failure_words(error)
        return Evidence(None, Note.of("not_known", what=f"{presumption.name} ({problem})"), gave=False)

    def _needed(self, names: frozenset[str]) -> Iterator[tuple[Presumption, Evidence]]:
        for name, each in self._registry.presumptions.items():
            if name in names:
                yield each, self.evidence(each)

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
            unknown = self.untold(needed, self._today)
        return unknown or self._not_loaded(measure)

    def _not_loaded(self, measure: Measure) -> Missing | None:
        """Return what was never loaded, or None; where it is what somebody else has to tell, the reason says so."""
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
        for each, evidence in self._needed(needed):
            if not evidence.gave:
                return Missing(each.reason, evidence.lacking or absent.detail)
        return absent

    def _not_known(self, leaf: Leaf) -> Missing | None:
        entity = leaf.measure.entity
        needed = self.of(leaf.measure, (*leaf.names, *(name for name, _ in leaf.lists)))
        if not needed or self._is_empty(entity):
            return None
        if not _stands(leaf.measure):
            otherwise = (
                presumption.otherwise
                for presumption in self._registry.presumptions.values()
                if presumption.name in needed
            )
            needed |= {*filter(None, otherwise)}
        last = min(leaf.period.last, leaf.today)
        return self._missing(needed, last, _looked_at(leaf.measure, leaf, last), leaf.today, entity)

    def untold(self, needed: frozenset[str], day: date) -> Missing | None:
        """Return what of this is not known of a day, or None."""
        return self._missing(needed, day, day, day)

    def unknown(self, needed: frozenset[str], day: date) -> Note | None:
        """Return what to say of what is not known of a day, or None."""
        missing = self.untold(needed, day)
        return missing.detail if missing is not None else None

    def remedies(self, reasons: frozenset[str]) -> list[Note]:
        """Return how people can give what nobody gave: what is presumed first rests on what is presumed after it."""
        found: list[Note] = []
        for each in reversed([one for one in self._registry.presumptions.values() if one.reason in reasons]):
            try:
                found += each.remedies(self.tables())
            except _OURS:
                raise
            except BaseException as error:  # foreign code, as above
                found.append(Note.of(TEXT, text=f"{each.name}: {failure_words(error)}"))
        return found

    def notes(self, leaf: Leaf) -> Iterator[Note]:
        """Yield since when what a measure presumes is known, where that is a day within the period."""
        for each, evidence in self._needed(self.of(leaf.measure, ())):
            is_late = evidence.since is not None and leaf.period.start < evidence.since
            if is_late and evidence.begun is not None and leaf.measure.entity == each.dated_in:
                yield evidence.begun

    def of(self, measure: Measure, dimensions: Collection[str]) -> frozenset[str]:
        """Return what a measure presumes, cut by dimensions."""
        key = (measure.key, (*dimensions,))
        found = self._of_measures.get(key)
        if found is None:
            keys = (self._registry.key_of(measure.entity, dimension) or dimension for dimension in dimensions)
            read = {*columns_read(measure), *((measure.entity, each) for each in keys)}
            found = _NOTHING.union(*(self.column(*each) for each in read if each[1]))
            self._of_measures.update({key: found})
        return found

    def column(self, entity: str, name: str) -> frozenset[str]:
        """Return what a column presumes: what its field says, or all the ways to fill it presume."""
        key = (entity, name)
        if key not in self._of_columns:
            self._of_columns[key] = _NOTHING  # what a field reads of itself, around a circle, adds nothing
            self._of_columns[key] = self._column(self._registry.entity(entity), name)
        return self._of_columns[key]

    def _column(self, entity: Entity, name: str) -> frozenset[str]:
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

    def _way(self, entity: str, how: How) -> frozenset[str]:
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

    def _named(self, entity: str, text: str) -> frozenset[str]:
        columns: Mapping[str, Type] = {field.name: field.type for field in self._registry.entity(entity).fields}
        try:
            node = parse_row(text, columns, settings=self._settings, given=columns)
        except KpiError:  # the load refuses it, and says so
            return _NOTHING
        return _NOTHING.union(*(self.column(entity, name) for space, name in names(node) if not space))

    def _missing(
        self, needed: frozenset[str], last: date, first: date, today: date, entity: str = ""
    ) -> Missing | None:
        """Return what is not known of the days from `first` to `last` that rows stand for, else of `today`."""
        for each, evidence in self._needed(needed):
            day = (first if each.each_day else last) if entity == each.dated_in else today
            if evidence.since is None or day < evidence.since:
                return Missing(each.reason, evidence.detail or Note.of("not_known", what=each.meaning))
        if unknown := sorted(needed - self._registry.presumptions.keys()):
            return Missing(NOT_LOADED, Note.of("not_known", what=", ".join(unknown)))
        return None

    def _is_empty(self, entity: str) -> bool:
        state = self._state.entities.get(entity)
        return state is None or not state.rows


def _stands(measure: Measure) -> bool:
    source = measure.source.inner.source if isinstance(measure.source, Grouped) else measure.source
    return isinstance(source, Alive)


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
    return next((moment for moment in moments if day_name(moment) == field.name), None)
