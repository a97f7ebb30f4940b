"""Gives cubes with what is wanted: from memory, from the store, from the warehouse."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from threading import Event

from kpicore.calendar import Calendar
from kpicore.engine.plan.cube_store import CubeStore
from kpicore.engine.plan.cubes import Cube, CubeKey, CubeRequest
from kpicore.engine.plan.memory import CubeMemory
from kpicore.engine.plan.planner import ScanPlan, scan_plans
from kpicore.engine.scan.executor import fill, scanned
from kpicore.engine.scan.relations import ScanContext
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

    def read(self, requests: Sequence[CubeRequest], context: ScanContext) -> Mapping[CubeKey, Cube]:
        """Return the cubes with what is wanted.

        They gain cells when others ask, and lose none, also when they are not kept any more.
        """
        keys = dict.fromkeys(want.key for want in requests)
        while True:
            with self.lock:
                cubes = {key: cube for key in keys if (cube := self._known(key)) is not None}
                plans = scan_plans(requests, cubes, self._calendar, self._warehouse.dialect.can_mask_months)
                # A cube that anybody reads is not read twice. Who waits for one has begun nothing, so that no two wait
                # for each other; then all is planned anew, as what was read may not be all that is asked here.
                begun = next((self._under_way[key] for key in _keys(plans) if key in self._under_way), None)
                if begun is None:
                    # one event for all: who waits for any of these cubes goes on when all of them are read
                    mine = dict.fromkeys(_keys(plans), Event())
                    self._under_way.update(mine)
                    break
            with aside(for_another=True):
                begun.wait()
        if plans:
            self._scan(plans, cubes, mine, context)
        return cubes

    def _scan(
        self,
        plans: Sequence[ScanPlan],
        cubes: dict[CubeKey, Cube],
        mine: Mapping[CubeKey, Event],
        context: ScanContext,
    ) -> None:
        """Read what the cubes lack, tell who waits for it, then keep it for the next process."""
        try:
            scans = scanned(plans, self._warehouse.query, context)
            for plan, rows in zip(plans, scans, strict=True):
                fill(plan, rows, cubes, self.lock)
            with self.lock:
                outgrown = self.memory.keep(cubes)
        finally:
            with self.lock:
                for key, done in mine.items():
                    del self._under_way[key]
                    done.set()
        if self._store is not None:
            whole = {key for plan in plans if plan.members is None for key in plan.keys if self._is_large(key)}
            self._store.put(((key, cubes[key]) for key in whole.difference(outgrown)), self.lock)
            self._store.drop(outgrown)

    def _known(self, key: CubeKey) -> Cube | None:
        cube = self.memory.get(key)
        if cube is None and self._store is not None and self._is_large(key):
            # under the lock: what two threads want is read from the disk once
            cube = self._store.get(key)
            if cube is not None:
                self.memory.keep({key: cube})
        return cube


def _keys(plans: Iterable[ScanPlan]) -> Iterator[CubeKey]:
    return (key for plan in plans for key in plan.keys)
