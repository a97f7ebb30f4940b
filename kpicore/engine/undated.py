"""Rows that are in no period because they have no date: counted once a measure, told in every answer."""

from __future__ import annotations

from collections.abc import Mapping

from kpicore.engine.measures import Flow, Measure
from kpicore.engine.memory import MOST_MEASURES, Recent
from kpicore.engine.notes import undated_note
from kpicore.engine.reading.sql import Binder, Row, quoted
from kpicore.warehouse import State, Warehouse


class Undated:
    """Counts the rows that a measure would count had they a date."""

    def __init__(self, warehouse: Warehouse, settings: Mapping[str, object], state: State) -> None:
        self._warehouse, self._settings, self._state = warehouse, settings, state
        self._known: Recent[str, tuple[str, ...]] = Recent(MOST_MEASURES)

    def notes(self, measure: Measure) -> tuple[str, ...]:
        """Return a note that counts them, or nothing when every row has its date."""
        found = self._known.get(measure.key)
        if found is None:
            rows = self._rows(measure)
            source = measure.source
            when = source.when if isinstance(source, Flow) else ""
            found = (undated_note(measure, when, rows),) if rows else ()
            self._known.update({measure.key: found})
        return found

    def _rows(self, measure: Measure) -> int:
        source = measure.source
        if not isinstance(source, Flow) or measure.uses_period:
            return 0
        state = self._state.entities[source.entity]
        if state.filled.get(source.when, 0) == state.rows:
            return 0
        bind = Binder()
        row = Row("e", bind, self._settings)
        conditions = [f"e.{quoted(source.when)} IS NULL"]
        if measure.where is not None:
            conditions.append(f"({row.sql(measure.where)})")
        sql = f"SELECT count(*) FROM kpi.{quoted(source.entity)} AS e WHERE {' AND '.join(conditions)}"
        return int(self._warehouse.query(sql, bind.values)[0][0])
