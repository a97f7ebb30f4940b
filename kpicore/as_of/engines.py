"""The engines that answer as of earlier days, a few of them kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from os import urandom
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from kpicore.as_of.state import CURRENCY, Stood, stood
from kpicore.as_of.tables import PastTables, PastWarehouse
from kpicore.calendar import local_date
from kpicore.engine.notes.as_of import Past
from kpicore.errors import WarehouseError
from kpicore.ingest.catalog.lineage import traced
from kpicore.ingest.catalog.redefined import Redefined, changed_kpis
from kpicore.lineage import Lineage, written
from kpicore.lineage.differences import outdated
from kpicore.lineage.lineage import name_of
from kpicore.turns import TurnLock, aside
from kpicore.warehouse.duckdb.layout import FORMAT

if TYPE_CHECKING:
    from kpicore.config.reader import Config
    from kpicore.engine.engine import Engine
    from kpicore.registry.registry import Registry
    from kpicore.warehouse import LoadedWarehouse

MOST_DAYS, MOST_ROWS = 24, 500_000
"""So many days are kept, with so many rows that were made for them in all, and the one asked last: what is asked as of
more of them in turn is made anew."""

_RATES = "fx_rate"


class PastEngines:
    """Gives the engine of a day before the data's; days with the same answers have the same one."""

    def __init__(self, config: Config, registry: Registry, warehouse: LoadedWarehouse) -> None:
        self._config, self._registry, self._warehouse = config, registry, warehouse
        self._lock = TurnLock()
        # weak: tables live as long as an engine that reads them is kept, or in use
        self._tables: WeakValueDictionary[tuple[object, ...], PastTables] = WeakValueDictionary()
        self._engines: dict[tuple[object, ...], tuple[Engine, PastTables]] = {}
        self._days: dict[date, Stood] = {}
        self._lineage: Lineage | None = None
        self._unseen: tuple[Redefined, ...] | None = None

    def get(self, day: date, today: Engine) -> Engine:
        """Return the engine of a day; `today` is that of today. Raises WarehouseError."""
        # aside as a whole: who asks as of an earlier day, too, waits for the lock, and all others compute
        with self._lock, aside():
            stood = self._stood(day)
            kept = self._engines.pop(stood.key, None) or self._made(day, stood, today)
            self._let_go()
            self._engines[stood.key] = kept  # the one asked last is let go of last
            return kept[0]

    def _let_go(self) -> None:
        """Let go of the days that were not asked for the longest time, where they take too much room."""
        while self._engines and (len(self._engines) >= MOST_DAYS or self._rows() > MOST_ROWS):
            del self._engines[next(iter(self._engines))]

    def _rows(self) -> int:
        return sum(tables.rows for tables in {tables for _, tables in self._engines.values()})

    def _stood(self, day: date) -> Stood:
        if day not in self._days:
            if len(self._days) > 1_000:
                self._days.clear()
            book = self._config.timezone, self._query, self._not_seen(), self._registry.timeless
            self._days[day] = stood(day, *book)
        return self._days[day]

    def _query(self, sql: str) -> list[tuple[object, ...]]:
        return self._warehouse.query(sql)

    def _made(self, day: date, stood: Stood, today: Engine) -> tuple[Engine, PastTables]:
        if any(redefined.name == CURRENCY for redefined in stood.redefined):
            # rates are to the organisation's currency: those of another one say nothing of today's
            stood = replace(stood, loads={**stood.loads, **self._last(_RATES)})
        # after the first load the last one tells all; before it each day ends at another instant
        key = (stood.load, stood.load is None and stood.time, *sorted(stood.loads.items()))
        tables = self._tables.get(key)
        if tables is None:
            name = f"as of {day} {urandom(6).hex()}"  # two engines may stand beside one file
            tables = PastTables(self._warehouse, name, self._config, self._registry, stood)
            self._tables[key] = tables
        first = local_date(self._warehouse.state.first_load, self._config.timezone)
        past = Past(
            today.today, day, first, stood.load is None, self._carried(stood), stood.redefined, self._traced(),
            self._registry,
        )  # fmt: skip
        return today.as_of(PastWarehouse(tables, self._warehouse, stood), past), tables

    def _last(self, entity: str) -> dict[str, int]:
        sql = "SELECT entity, max(load) FROM book.raw_version WHERE entity = ? GROUP BY entity"
        return dict(self._warehouse.query(sql, [entity]))

    def _carried(self, stood: Stood) -> date | None:
        """Return the day before which only a part of the past was kept, None for a day since."""
        rows = self._warehouse.query(
            "SELECT load, (SELECT min(time) FROM book.load WHERE number = c.load) FROM book.carried AS c"
        )
        days = [local_date(at, self._config.timezone) for load, at in rows if stood.load is None or stood.load < load]
        return max(days, default=None)

    def _traced(self) -> Lineage:
        if self._lineage is None:
            self._lineage = traced(self._registry, self._config, self._config.calendar(), self._kept())
        return self._lineage

    def _kept(self) -> Lineage | None:
        kept = self._warehouse.lineage()
        return Lineage.parse(kept[0]) if kept else None

    def _not_seen(self) -> tuple[Redefined, ...]:
        if self._unseen is None:
            self._unseen = tuple(self._unseen_ones())
        return self._unseen

    def _unseen_ones(self) -> Iterator[Redefined]:
        """Yield what was redefined since the last load."""
        kept = self._kept()
        if kept is None or self._warehouse.query("SELECT number FROM book.format") != [(FORMAT,)]:
            raise WarehouseError(
                "answers as of an earlier day need tables of this version.", hint="Make them anew: kpi remake"
            )
        if self._warehouse.state.written != written(self._registry, self._config, self._config.calendar()):
            for cause in outdated(kept, self._traced()).causes:
                yield Redefined(name_of(cause.column), cause.words, None)
        known = {str(name): str(digest) for name, digest in self._warehouse.query("SELECT name, digest FROM book.kpi")}
        yield from changed_kpis(self._registry, known)
