"""The targets of a workspace, as the engine is given them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kpicore.calendar import Calendar
from kpicore.engine.compile.definitions import Definitions
from kpicore.engine.plan.filters import MemberNames
from kpicore.engine.scan.ports import Answerer
from kpicore.registry.registry import Registry
from kpicore.targets import ENTITY, GOAL, WORKED_OUT
from kpicore.turns import TurnLock
from kpicore.warehouse import EntityState, State, Warehouse

if TYPE_CHECKING:
    from kpicore.targets.goal_rows import GoalRows
    from kpicore.targets.targets import Targets


class WorkspaceTargets:
    """The targets of the data and those `written` by hand, over one warehouse; read and worked out once."""

    entity = ENTITY
    may_be_unknown = frozenset({(ENTITY, "progress"), (ENTITY, "reached")})

    def __init__(
        self,
        registry: Registry,
        definitions: Definitions,
        warehouse: Warehouse,
        calendar: Calendar,
        members: MemberNames,
        written: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self._registry, self._definitions, self._calendar = registry, definitions, calendar
        self._warehouse, self.members, self._written = warehouse, members, written
        self._targets: Targets | None = None
        self._rows: GoalRows | None = None
        self._lock = TurnLock()
        self._is_begun = False

    def over(self, warehouse: Warehouse, members: MemberNames) -> WorkspaceTargets:
        """Return the targets over another warehouse."""
        return WorkspaceTargets(self._registry, self._definitions, warehouse, self._calendar, members, self._written)

    def state(self, loaded: State) -> State:
        """Return the state of the tables with what is worked out filled, and with the rows written by hand."""
        written, known = len(self._written), loaded.entities.get(ENTITY) or EntityState(0)
        rows = known.rows + written
        if not rows:
            return loaded
        filled = {**known.filled, **dict.fromkeys(WORKED_OUT, rows)}
        if written:
            names = ("id", "value", "parent_target_id", GOAL, "unit")
            filled |= {name: filled.get(name, 0) or written for name in names}
        return replace(loaded, entities={**loaded.entities, ENTITY: replace(known, rows=rows, filled=filled)})

    def read(self) -> Targets:
        """Return all targets. Raises WarehouseError."""
        if self._targets is None:
            from kpicore.targets.reader import TargetReader  # for KPIs that read a target

            reader = TargetReader(self._registry, self._definitions, self._warehouse, self._calendar, self.members)
            self._targets = reader.read(self._written)
        return self._targets

    def rows(self, answerer: Answerer) -> GoalRows | None:
        """Return the rows with how far goals are; None while that is worked out: a target of a goal's progress asks
        for itself."""
        # once worked out they never change, so no lock is needed to read them
        if self._rows is not None:
            return self._rows
        with self._lock:
            # only the thread that works them out comes here meanwhile, as the lock is its own; all others wait at it
            if self._is_begun:
                return self._rows
            self._is_begun = True
            try:
                self._rows = self._worked_out(answerer)
            finally:
                self._is_begun = self._rows is not None  # who asks again must not get the rows without them
        return self._rows

    def _worked_out(self, answerer: Answerer) -> GoalRows:
        from kpicore.targets.goal_rows import goal_rows  # for the few who ask for goals

        state = self._warehouse.state.entities.get(ENTITY)
        return goal_rows(answerer, self.read().all, loaded=state is not None and state.rows > 0)
