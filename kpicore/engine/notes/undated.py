"""Rows in no period, or that stand on no day, as they have no date: counted once a measure, told in every answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from kpicore.engine.compile.input_measures import own_condition
from kpicore.engine.compile.measures import Flow, Grouped, Measure, Stock
from kpicore.engine.notes.notes import (
    MOST_WORDS,
    ends_ahead_note,
    undated_note,
    unended_note,
    unknown_note,
    unknown_words,
)
from kpicore.engine.notes.undecided import has_unknown_word
from kpicore.engine.plan.memory import MOST_MEASURES, Recent
from kpicore.engine.scan.fragments import Binder, Row, day
from kpicore.language import Node, names, parse_row
from kpicore.model.inputs import At
from kpicore.model.notes import Note
from kpicore.model.schema import Type, given_name
from kpicore.registry.registry import Registry
from kpicore.warehouse import State, Warehouse

_BOUNDS = dict.fromkeys(("start", "end", "as_of"), "CAST(NULL AS DATE)")
"""Of rows in no period it is not known what a condition says that looks at the period."""


class Undated:
    """Counts the rows that a measure would count, or might, had they a date."""

    def __init__(
        self,
        warehouse: Warehouse,
        registry: Registry,
        settings: Mapping[str, object],
        state: State,
        over_by: date | None = None,
    ) -> None:
        self._warehouse, self._registry, self._settings, self._state = warehouse, registry, settings, state
        self._over_by = over_by
        self._counts: Recent[tuple[str, str], int] = Recent(MOST_MEASURES)

    def notes(self, measure: Measure) -> tuple[Note, ...]:
        """Return notes that count them, or nothing when every row has its date."""
        return tuple(self._notes(measure.source.inner if isinstance(measure.source, Grouped) else measure))

    def _notes(self, measure: Measure) -> Iterator[Note]:
        if rows := self._rows(measure):
            # a word that nobody has explained may be why there is no date
            unknown = tuple(self._unknown(measure))
            yield from unknown
            rows -= sum(int(str(note.value("rows"))) for note in unknown)
            if rows:
                yield undated_note(measure, _date(measure), rows)
        if isinstance(measure.source, Stock) and (rows := self._over(measure, measure.source.until)):
            yield unended_note(measure, measure.source.until, rows)
        if isinstance(measure.source, Stock) and (rows := self._ahead(measure, measure.source)):
            yield ends_ahead_note(measure, measure.source.until, rows)

    def _over(self, measure: Measure, until: str) -> int:
        """Return the rows that the measure would count, or might, that have ended on a day that is not known."""
        entity = measure.entity
        field, state = self._registry.entity(entity).field(until), self._state.entities[entity]
        if field is None or not field.open_while or state.filled.get(until, 0) == state.rows:
            return 0
        bind = Binder(self._warehouse)
        is_open = parse_row(
            field.open_while,
            self._registry.columns(entity),
            settings=self._settings,
            codes=self._registry.codes(entity),
        )
        row = Row("e", bind, self._settings, _BOUNDS)
        over = [f"e.{bind.quote(until)} IS NULL AND NOT {row.sql(is_open)}", *_may_count(own_condition(measure), row)]
        sql = f"SELECT count(*) FROM {bind.relation(entity)} AS e WHERE {' AND '.join(over)}"
        return self._counted(sql, bind)

    def _ahead(self, measure: Measure, source: Stock) -> int:
        """Return the rows that the measure would count, or might, that are over on a day that is yet to come.

        None where the measure looks at no day on which that tells.
        """
        if not source.tells_over or self._over_by is None or measure.at not in (At.END, At.MEAN):
            return 0
        bind = Binder(self._warehouse)
        row = Row("e", bind, self._settings, _BOUNDS)
        ahead = [f"e.{bind.quote(source.until)} > {day(self._over_by, bind)}", *_may_count(own_condition(measure), row)]
        sql = f"SELECT count(*) FROM {bind.relation(measure.entity)} AS e WHERE {' AND '.join(ahead)}"
        return self._counted(sql, bind)

    def _unknown(self, measure: Measure) -> Iterator[Note]:
        """Yield a note on those of them with a word that is no code, in a field that the condition reads."""
        read = {name for space, name in names(measure.where) if not space} if measure.where is not None else set()
        before: list[str] = []
        of_load = self._state.entities[measure.entity].notes
        for field, _ in unknown_words(of_load):
            if field in read:
                bind = Binder(self._warehouse)
                row = Row("e", bind, self._settings, _BOUNDS)
                known = [f"NOT {row.sql(has_unknown_word(other))}" for other in before]
                where = [*self._conditions(measure, row), row.sql(has_unknown_word(field)), *known]
                word = f"CAST(e.{bind.quote(given_name(field))} AS {bind.dialect.type_of(Type.TEXT)})"
                sql = (
                    f"SELECT {word} AS word, count(*) AS n FROM {bind.relation(measure.entity)} AS e"
                    f" WHERE {' AND '.join(where)} GROUP BY 1 ORDER BY n DESC, word"
                )
                words = [(str(word), int(rows)) for word, rows in self._warehouse.query(sql, bind.values)]
                if words:
                    total = sum(rows for _, rows in words)
                    yield unknown_note(measure.entity, field, total, words[:MOST_WORDS], of_load)
                before.append(field)

    def _rows(self, measure: Measure) -> int:
        date, state = _date(measure), self._state.entities[measure.entity]
        if state.filled.get(date, 0) == state.rows:
            return 0
        if isinstance(measure.source, Stock) and self._registry.entity(measure.entity).made:
            return 0  # which rows of its own the core keeps apart from time, and why, the load tells
        bind = Binder(self._warehouse)
        conditions = self._conditions(measure, Row("e", bind, self._settings, _BOUNDS))
        sql = f"SELECT count(*) FROM {bind.relation(measure.entity)} AS e WHERE {' AND '.join(conditions)}"
        return self._counted(sql, bind)

    def _counted(self, sql: str, bind: Binder) -> int:
        """Return what a statement counts; many measures ask for the same rows."""
        # measures differ in their values, and rarely in the conditions of rows without a date
        key = sql, repr(bind.values)
        count = self._counts.get(key)
        if count is None:
            count = int(self._warehouse.query(sql, bind.values)[0][0])
            self._counts.update({key: count})
        return count

    def _conditions(self, measure: Measure, row: Row) -> list[str]:
        """Return the conditions of the rows that the measure would count, or might, had they a date."""
        return [f"e.{row.bind.quote(_date(measure))} IS NULL", *_may_count(measure.where, row)]


def _may_count(condition: Node | None, row: Row) -> list[str]:
    return [] if condition is None else [f"({row.sql(condition)}) IS NOT FALSE"]


def _date(measure: Measure) -> str:
    """Return the field without which a row is in no period."""
    match measure.source:
        case Flow(_, when):
            return when
        case Stock(_, since, _):
            return since
        case Grouped(_, inner):
            return _date(inner)
