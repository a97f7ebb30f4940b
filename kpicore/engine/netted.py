"""Rows that are not in what the load made of them: counted, and told in each answer that reads it.

Of a customer's orders the amount of one may not be known, or whether it counts: the others make what is known of
the customer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kpicore.engine.columns import columns_read
from kpicore.engine.measures import Grouped, Measure
from kpicore.engine.notes import netted_note
from kpicore.engine.reading.sql import Binder, Row, quoted
from kpicore.entities import Field, RollUp, Type, day_name
from kpicore.expressions import Node, names, parse_row
from kpicore.notes import UNKNOWN_WORDS, Note
from kpicore.registry import Registry
from kpicore.warehouse import State, Warehouse


class Netted:
    """Tells of each measure that reads what was made at load how many rows are not in it."""

    def __init__(self, warehouse: Warehouse, registry: Registry, settings: Mapping[str, object], state: State) -> None:
        self._warehouse, self._registry, self._settings, self._state = warehouse, registry, settings, state
        self._known: dict[tuple[str, str], tuple[Note, ...]] = {}

    def notes(self, measure: Measure) -> tuple[Note, ...]:
        """Return notes that count them; nothing where every row is in it."""
        while isinstance(measure.source, Grouped):
            measure = measure.source.inner
        fields = self._registry.entity(measure.entity).fields
        moments = {day_name(each.name): each.name for each in fields if each.type is Type.MOMENT}
        # a day is made from its moment; the one by which rows are placed in time matters as what is counted does
        read = sorted({moments.get(name, name) for _, name in columns_read(measure)})
        return tuple(note for name in read for note in self._of(measure.entity, name))

    def _of(self, entity: str, name: str) -> tuple[Note, ...]:
        key = (entity, name)
        if key not in self._known:
            field = self._registry.entity(entity).field(name)
            made = [how for how in (field.how if field else ()) if isinstance(how, RollUp)]
            totals = [each for each in made if each.aggregate.word == "total"]
            netted = (note for each in totals for note in self._told(field, each))
            self._known[key] = tuple(dict.fromkeys((*netted, *(note for each in made for note in self._unknown(each)))))
        return self._known[key]

    def _unknown(self, how: RollUp) -> Iterator[Note]:
        """Yield what the load told of words that are no codes, where they leave it open whether a row counts."""
        other, where = how.aggregate.entity, how.aggregate.where
        state = self._state.entities.get(other) if isinstance(other, str) else None
        told = [each for each in state.notes if each.kind == UNKNOWN_WORDS] if state is not None else []
        if told and where and isinstance(other, str):
            columns, codes = self._registry.columns(other), self._registry.codes(other)
            condition = parse_row(where, columns, settings=self._settings, codes=codes)
            read = {name for space, name in names(condition) if not space}
            yield from (each for each in told if each.value("field") in read)

    def _told(self, field: Field | None, how: RollUp) -> tuple[Note, ...]:
        other = how.aggregate.entity
        assert field is not None and isinstance(other, str)
        columns, codes = self._registry.columns(other), self._registry.codes(other)
        value = parse_row(how.aggregate.value, columns, settings=self._settings, codes=codes)
        state = self._state.entities.get(other)
        if state is None or all(state.filled.get(name, 0) == state.rows for _, name in names(value)):
            return ()
        where = how.aggregate.where
        condition = parse_row(where, columns, settings=self._settings, codes=codes) if where else None
        rows = self._rows(field, how.key, other, value, condition)
        return (netted_note(field, other, value, rows),) if rows else ()

    def _rows(self, field: Field, key: str, other: str, value: Node, where: Node | None) -> int:
        """Return how many rows have no value among those whose known ones make the field."""
        bind = Binder()
        row = Row("o", bind, self._settings)
        known = row.sql(value)
        condition = f" AND ({row.sql(where)})" if where is not None else ""
        sums = (
            f"SELECT o.{quoted(key)} AS id, sum({known}) AS known, count(*) - count({known}) AS unknown"
            f" FROM kpi.{quoted(other)} AS o WHERE o.{quoted(key)} IS NOT NULL{condition} GROUP BY 1"
        )
        sql = (
            f"SELECT coalesce(sum(unknown), 0) FROM ({sums}) AS s JOIN kpi.{quoted(field.entity)} AS e USING (id)"
            f" WHERE unknown > 0 AND e.{quoted(field.name)} = known"
        )
        return int(self._warehouse.query(sql, bind.values)[0][0])
