"""Gives cubes with what is wanted: from memory, from the store, from the warehouse."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from threading import Event

from kpicore.calendar import Calendar
from kpicore.engine.plan.cube_store import CubeStore
from kpicore.engine.plan.cubes import Cube, CubeKey, Want
from kpicore.engine.plan.memory import CubeMemory
from kpicore.engine.plan.planner import Reading, plan
from kpicore.engine.scan.executor import fill, scanned
from kpicore.engine.scan.relations import Context
from kpicore.turns import TurnLock, aside
from kpicore.warehouse import Warehouse


class CubeReader:
    """Cubes of one version of the data, kept. Several threads may ask; what two of them want is read once.

    Under the `lock` no cube gains anything.
    """

    def __init__(
        self,
        memory: CubeMemory,
        store: CubeStore | None,
        warehouse: Warehouse,
        calendar: Calendar,
        is_large: Callable[[CubeKey], bool],
    ) -> None:
        self.lock = TurnLock()
        self.memory, self._store, self._is_large = memory, store, is_large
        self._warehouse, self._calendar = warehouse, calendar
        self._under_way: dict[CubeKey, Event] = {}

    def read(self, wanted: Sequence[Want], context: Context) -> Mapping[CubeKey, Cube]:
        """Return the cubes with what is wanted.

        They gain cells when others ask, and lose none, also when they are not kept any more.
        """
        keys = dict.fromkeys(want.key for want in wanted)
        while True:
            with self.lock:
                cubes = {key: cube for key in keys if (cube := self._known(key)) is not None}
                readings = plan(wanted, cubes, self._calendar, self._warehouse.dialect.can_mask_months)
                begun = next((self._under_way[key] for key in _keys(readings) if key in self._under_way), None)
                if begun is None:
                    mine = dict.fromkeys(_keys(readings), Event())
                    self._under_way.update(mine)
                    break
            with aside(for_another=True):
                begun.wait()
        if readings:
            self._scan(readings, cubes, mine, context)
        return cubes

    def _scan(
        self, readings: Sequence[Reading], cubes: dict[CubeKey, Cube], mine: Mapping[CubeKey, Event], context: Context
    ) -> None:
        """Read what the cubes lack, tell who waits for it, then keep it for the next process."""
        try:
            scans = scanned(readings, self._warehouse.query, context)
            for each, rows in zip(readings, scans, strict=True):
                fill(each, rows, cubes, self.lock)
            with self.lock:
                outgrown = self.memory.keep(cubes)
        finally:
            with self.lock:
                for key, done in mine.items():
                    del self._under_way[key]
                    done.set()
        if self._store is not None:
            whole = {
                key for reading in readings if reading.members is None for key in reading.keys if self._is_large(key)
            }
            self._store.put(((key, cubes[key]) for key in whole.difference(outgrown)), self.lock)
            self._store.drop(outgrown)

    def _known(self, key: CubeKey) -> Cube | None:
        found = self.memory.get(key)
        if found is None and self._store is not None and self._is_large(key):
            found = self._store.get(key)
            if found is not None:
                self.memory.keep({key: found})
        return found


def _keys(readings: Iterable[Reading]) -> Iterator[CubeKey]:
    return (key for reading in readings for key in reading.keys)
