"""Rows that are in no period because they have no date: counted once a measure, told in every answer."""

from __future__ import annotations

from collections.abc import Mapping

from kpicore.engine.measures import Alive, Flow, Grouped, Measure
from kpicore.engine.memory import MOST_MEASURES, Recent
from kpicore.engine.notes import undated_note
from kpicore.engine.reading.sql import Binder, Row, quoted
from kpicore.notes import Note
from kpicore.registry import Registry
from kpicore.warehouse import State, Warehouse

_BOUNDS = dict.fromkeys(("start", "end", "as_of"), "CAST(NULL AS DATE)")
"""Of rows in no period it is not known what a condition says that looks at the period."""


class Undated:
    """Counts the rows that a measure would count, or might, had they a date."""

    def __init__(self, warehouse: Warehouse, registry: Registry, settings: Mapping[str, object], state: State) -> None:
        self._warehouse, self._registry, self._settings, self._state = warehouse, registry, settings, state
        self._known: Recent[str, tuple[Note, ...]] = Recent(MOST_MEASURES)

    def notes(self, measure: Measure) -> tuple[Note, ...]:
        """Return a note that counts them, or nothing when every row has its date."""
        found = self._known.get(measure.key)
        if found is None:
            rows = self._rows(measure)
            found = (undated_note(measure, _date(measure), rows),) if rows else ()
            self._known.update({measure.key: found})
        return found

    def _rows(self, measure: Measure) -> int:
        if isinstance(measure.source, Grouped):
            measure = measure.source.inner
        date, state = _date(measure), self._state.entities[measure.entity]
        if state.filled.get(date, 0) == state.rows:
            return 0
        if isinstance(measure.source, Alive) and self._registry.entity(measure.entity).made:
            return 0  # which rows of its own the core keeps apart from time, and why, the load tells
        bind = Binder()
        row = Row("e", bind, self._settings, _BOUNDS)
        conditions = [f"e.{quoted(date)} IS NULL"]
        if measure.where is not None:
            conditions.append(f"({row.sql(measure.where)}) IS NOT FALSE")
        sql = f"SELECT count(*) FROM kpi.{quoted(measure.entity)} AS e WHERE {' AND '.join(conditions)}"
        return int(self._warehouse.query(sql, bind.values)[0][0])


def _date(measure: Measure) -> str:
    """Return the field without which a row is in no period."""
    match measure.source:
        case Flow(_, when):
            return when
        case Alive(_, since, _):
            return since
        case Grouped(_, inner):
            return _date(inner)
