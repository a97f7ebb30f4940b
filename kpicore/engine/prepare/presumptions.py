"""Why a measure can have no value before any row is read: also as nobody gave what its fields presume."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from kpicore.calendar import Calendar
from kpicore.engine.compile.measures import Grouped, Measure, Stock
from kpicore.engine.compile.requirements import columns_read
from kpicore.engine.plan.availability import Missing, not_loaded, not_started, outside, stands, unfilled
from kpicore.engine.plan.memory import MOST_MEASURES, Recent
from kpicore.engine.plan.requests import InputRequest
from kpicore.engine.scan.made_tables import Tables
from kpicore.errors import KpiError, WarehouseError
from kpicore.language import names, parse_row
from kpicore.lineage import Column
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

if TYPE_CHECKING:
    from kpicore.model.evidence import Evidence

_NOTHING: frozenset[str] = frozenset()
_OURS = (WarehouseError, GivenUp, KeyboardInterrupt)
"""What is raised through a plugin's function and is none of its faults."""


@dataclass(frozen=True, slots=True)
class _Filled:
    """What a column is said to presume, and the columns that each way to fill it reads."""

    said: frozenset[str] = _NOTHING
    ways: tuple[frozenset[Column], ...] = ()

    def presumes(self, presumed: Mapping[Column, frozenset[str]]) -> frozenset[str]:
        """Return what it presumes, when the columns read presume this."""
        ways = [_NOTHING.union(*(presumed[column] for column in way)) for way in self.ways]
        return self.said | frozenset.intersection(*ways) if ways else self.said


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
        known = self._registry, self._calendar, self._warehouse, self._state, self._settings
        return Tables(*known, self.unknown)

    def evidence(self, presumption: Presumption) -> Evidence:
        """Return what the data knows of a presumption; looked at when anything presumes it."""
        if presumption.name not in self._evidence:
            self._evidence[presumption.name] = self._looked(presumption)
        return self._evidence[presumption.name]

    def _looked(self, presumption: Presumption) -> Evidence:
        from kpicore.model.evidence import Evidence  # for the KPIs that presume anything

        try:
            evidence = presumption.look(self.tables())
            if type(evidence) is Evidence:
                return evidence
            problem = f"its look gives {value_shown(evidence)}"
        except _OURS:
            raise
        except BaseException as error:  # foreign code: whatever it raises is a reason, and never a number
            problem = failure_words(error)
        return Evidence(None, Note.of("not_known", what=f"{presumption.name} ({problem})"), gave=False)

    def _needed(self, names: frozenset[str]) -> Iterator[tuple[Presumption, Evidence]]:
        for name, presumption in self._registry.presumptions.items():
            if name in names:
                yield presumption, self.evidence(presumption)

    def missing(self, request: InputRequest) -> Missing | None:
        """Return why a request can have no value before any row is read, or None when it can."""
        measure, period, today = request.measure, request.period, request.today
        return (
            # the first that applies is the reason: of a period that has not begun nothing else is worth telling
            not_started(period, today, request.is_plan)
            or self._not_known(request)
            or self._not_loaded(measure)
            or outside(measure, period, today, request.is_plan, self._state)
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
        missing = self._absent.get(measure.key)
        if missing is None:
            absent = self._never_given(measure)
            # a tuple of one or none, as Recent keeps no None
            missing = (absent,) if absent else ()
            self._absent.update({measure.key: missing})
        return missing[0] if missing else None

    def _never_given(self, measure: Measure) -> Missing | None:
        absent = not_loaded(measure, self._state, self._registry)
        if absent is None:
            return None
        empty = unfilled(measure, self._state, self._registry)
        needed = _NOTHING.union(*(self.column(measure.entity, field) for field in empty))
        is_made = self._registry.entity(measure.entity).made
        # a made entity without rows lacks its origin, of which the reason speaks already
        if not needed or (is_made and self._is_empty(measure.entity)):
            return absent
        for presumption, evidence in self._needed(needed):
            if not evidence.gave:
                return Missing(presumption.reason, evidence.lacking or absent.detail)
        return absent

    def _not_known(self, request: InputRequest) -> Missing | None:
        entity = request.measure.entity
        needed = self.of(request.measure, (*request.names, *(name for name, _ in request.lists)))
        # without rows there is nothing to be known of them: then it is not loaded, which says more
        if not needed or self._is_empty(entity):
            return None
        if not stands(request.measure):
            otherwise = (
                presumption.otherwise
                for presumption in self._registry.presumptions.values()
                if presumption.name in needed
            )
            needed |= {*filter(None, otherwise)}
        last = min(request.period.last, request.today)
        return self._missing(needed, last, _looked_at(request.measure, request, last), request.today, entity)

    def untold(self, needed: frozenset[str], day: date) -> Missing | None:
        """Return what of this is not known of a day, or None."""
        return self._missing(needed, day, day, day)

    def unknown(self, needed: frozenset[str], day: date) -> Note | None:
        """Return what to say of what is not known of a day, or None."""
        missing = self.untold(needed, day)
        return missing.detail if missing is not None else None

    def remedies(self, reasons: frozenset[str]) -> list[Note]:
        """Return how people can give what nobody gave: what is presumed first rests on what is presumed after it."""
        notes: list[Note] = []
        for presumption in reversed(
            [presumption for presumption in self._registry.presumptions.values() if presumption.reason in reasons]
        ):
            try:
                notes += presumption.remedies(self.tables())
            except _OURS:
                raise
            except BaseException as error:  # foreign code, as above
                notes.append(Note.of(TEXT, text=f"{presumption.name}: {failure_words(error)}"))
        return notes

    def notes(self, request: InputRequest) -> Iterator[Note]:
        """Yield since when what a measure presumes is known, where that is a day within the period."""
        for presumption, evidence in self._needed(self.of(request.measure, ())):
            is_late = evidence.since is not None and request.period.start < evidence.since
            if is_late and evidence.begun is not None and request.measure.entity == presumption.dated_in:
                yield evidence.begun

    def of(self, measure: Measure, dimensions: Collection[str]) -> frozenset[str]:
        """Return what a measure presumes, cut by dimensions."""
        key = (measure.key, (*dimensions,))
        presumed = self._of_measures.get(key)
        if presumed is None:
            keys = (self._registry.key_of(measure.entity, dimension) or dimension for dimension in dimensions)
            read = {*columns_read(measure), *((measure.entity, name) for name in keys)}
            presumed = _NOTHING.union(*(self.column(*column) for column in read if column[1]))
            self._of_measures.update({key: presumed})
        return presumed

    def column(self, entity: str, name: str) -> frozenset[str]:
        """Return what a column presumes: what its field says, or all the ways to fill it presume."""
        key = (entity, name)
        if key not in self._of_columns:
            self._of_columns.update(self._around(key))
        return self._of_columns[key]

    def _around(self, start: Column) -> Mapping[Column, frozenset[str]]:
        """Return what a column presumes, and what each does that it is filled from."""
        filled: dict[Column, _Filled] = {}
        todo = [start]
        while todo:
            if (column := todo.pop()) not in filled:
                filled[column] = self._filled(*column)
                todo += [other for way in filled[column].ways for other in way]
        # From nothing on until nothing is added, whichever column of a circle is asked first: what a field reads of
        # itself adds nothing. What is not final is seen by nobody else.
        presumed = dict.fromkeys(filled, _NOTHING)
        while (more := {column: how.presumes(presumed) for column, how in filled.items()}) != presumed:
            presumed = more
        return presumed

    def _filled(self, entity_name: str, name: str) -> _Filled:
        if (known := self._of_columns.get((entity_name, name))) is not None:
            return _Filled(known)
        entity = self._registry.entity(entity_name)
        field = entity.field(name)
        if field is None:
            dimension = self._registry.dimensions.get(name)
            own = self._registry.key_of(entity.name, name) if dimension else ""
            return _Filled(ways=(frozenset({(entity.name, own)}),) if own else ())
        # the day of a moment presumes what the moment does: it is filled from it alone
        moment = _moment_of(entity, field)
        if moment is not None:
            return _Filled(frozenset(field.presumes), (frozenset({(entity.name, moment)}),))
        return _Filled(frozenset(field.presumes), tuple(self._way(entity.name, how) for how in field.how))

    def _way(self, entity: str, how: How) -> frozenset[Column]:
        """Return the columns that a way to fill a field of the entity reads."""
        match how:
            case str():
                return self._named(entity, how)
            case LookUp():
                return frozenset({(entity, how.through), (how.entity, how.field)})
            case RollUp(key, aggregate):
                if not isinstance(aggregate.entity, str):
                    return frozenset()
                read = (
                    expression for expression in (key, aggregate.value, aggregate.when, aggregate.where) if expression
                )
                return frozenset().union(*(self._named(aggregate.entity, expression) for expression in read))
        return frozenset({(how.entity, how.field)})

    def _named(self, entity: str, text: str) -> frozenset[Column]:
        columns: Mapping[str, Type] = {field.name: field.type for field in self._registry.entity(entity).fields}
        try:
            node = parse_row(text, columns, settings=self._settings, given=columns)
        except KpiError:  # the load refuses it, and says so
            return frozenset()
        return frozenset((entity, name) for space, name in names(node) if not space)

    def _missing(
        self, needed: frozenset[str], last: date, first: date, today: date, entity: str = ""
    ) -> Missing | None:
        """Return what is not known of the days from `first` to `last` that rows stand for, else of `today`."""
        for presumption, evidence in self._needed(needed):
            day = (first if presumption.each_day else last) if entity == presumption.dated_in else today
            if evidence.since is None or day < evidence.since:
                return Missing(presumption.reason, evidence.detail or Note.of("not_known", what=presumption.meaning))
        if unknown := sorted(needed - self._registry.presumptions.keys()):
            return Missing(NOT_LOADED, Note.of("not_known", what=", ".join(unknown)))
        return None

    def _is_empty(self, entity: str) -> bool:
        state = self._state.entities.get(entity)
        return state is None or not state.rows


def _looked_at(measure: Measure, request: InputRequest, last: date) -> date:
    """Return the first day on which a measure looks at rows."""
    match measure.source:
        case Stock() if measure.at is At.END:
            return last
        case Stock() if measure.at is not At.START:
            return min(request.period.start, last)
        case Stock():
            return request.period.start - timedelta(days=1)
        # a group has its state at the start, which is that at the close of the day before
        case Grouped(_, inner) if isinstance(inner.source, Stock):
            return request.period.start - timedelta(days=1)
    return last


def _moment_of(entity: Entity, field: Field) -> str | None:
    if field.type is not Type.DATE:
        return None
    moments = (own.name for own in entity.fields if own.type is Type.MOMENT)
    return next((moment for moment in moments if day_name(moment) == field.name), None)
