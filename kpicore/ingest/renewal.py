"""Made tables are made anew when their definitions have changed; what cannot be is refused, and nothing else."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kpicore.errors import KpiError
from kpicore.lineage import CALENDAR, Column, Lineage, written
from kpicore.model.schema import Type
from kpicore.utils.isolation import short_line
from kpicore.warehouse import FILE, LoadedWarehouse, Refusals, Warehouse, open_duckdb

if TYPE_CHECKING:
    from kpicore.calendar import Calendar
    from kpicore.config.reader import Config
    from kpicore.lineage.differences import Outdated
    from kpicore.registry.registry import Registry

_UNKNOWN = "an earlier version made the tables"
_TURNS = "another installation with other definitions has made the tables after this one"


@dataclass(frozen=True, slots=True)
class Stand:
    """What of the made tables is not as today's definitions and settings make it from the rows that were loaded.

    `outdated` is what a remake makes right. `misread` needs its rows again: they were read by another time
    zone. `turns` tells that two installations take turns at making the tables, `unknown` that nobody knows
    how they were made.
    """

    outdated: Outdated
    misread: Outdated
    unknown: bool = False
    turns: bool = False

    @property
    def columns(self) -> frozenset[Column]:
        """All columns that are not to be read."""
        return self.outdated.columns | self.misread.columns

    @property
    def words(self) -> str:
        """What is to be said of it, in one line; "" when a remake would change nothing."""
        if not self.outdated.columns:
            return ""
        return f"{_TURNS} ({self._why})" if self.turns else f"the tables are outdated ({self._why})"

    @property
    def misread_words(self) -> str:
        """What is to be loaded again, in one line."""
        return f"{self.misread.why()}. Load it again: kpi import FILE" if self.misread.columns else ""

    @property
    def _why(self) -> str:
        return _UNKNOWN if self.unknown else self.outdated.why()

    def why_refused(self, called: str, column: Column, reason: str) -> str:
        """Return why a column is refused, and what to do."""
        if column in self.misread.columns and column not in self.outdated.columns:
            return f"{called} is not in this time zone ({self.misread.why({column})}). Load it again: kpi import FILE"
        why = _UNKNOWN if self.unknown else self.outdated.why({column})
        because = f"; {_TURNS if self.turns else reason}" if self.turns or reason else ""
        return f"{called} was made by another definition than today's ({why}){because}. Run: kpi remake"


def stand(warehouse: LoadedWarehouse, registry: Registry, config: Config, calendar: Calendar) -> Stand | None:
    """Return what of the made tables is not as today's definitions make it, None when all is."""
    state = warehouse.state
    # every start comes by here: two texts are compared before definitions are parsed and traced
    if state.written == written(registry, config, calendar) and not state.misread:
        return None
    from kpicore.ingest.catalog.lineage import traced
    from kpicore.lineage.differences import Outdated, misread, outdated

    there = {*state.entities, CALENDAR}
    kept = warehouse.lineage()
    before = Lineage.parse(kept[0]) if kept else None
    today = traced(registry, config, calendar, before)
    wrong = misread(_local_times(registry, warehouse), today).only(there)
    if before is None:
        columns = frozenset(origin for origin in today.origins if origin[0] in there)
        return Stand(Outdated(today, (), columns), wrong, unknown=True)
    changed = outdated(before, today).only(there)
    if not changed.columns and not wrong.columns:
        return None
    return Stand(changed, wrong, turns=_take_turns(kept[1] if kept else (), changed, before))


def _local_times(registry: Registry, warehouse: Warehouse) -> dict[Column, str]:
    return {
        (name, field.name): how
        for name, how in warehouse.state.misread.items()
        if name in registry.entities
        for field in registry.entities[name].fields
        if field.type in (Type.DATE, Type.MOMENT)
    }


def _take_turns(installed: tuple[str, ...], changed: Outdated, before: Lineage) -> bool:
    """Whether this installation made the tables before, and another one, by other definitions, last.

    What is new to the tables, and what the workspace itself says or said, is no matter of installations.
    """
    of_plugins = before.of_plugins & changed.today.of_plugins
    # own definitions change with the workspace's files, which both installations read alike
    differ = any(cause.column in of_plugins for cause in changed.causes)
    mine = changed.today.installed
    return differ and mine in installed and installed[-1] != mine


def renewed(
    config: Config, registry: Registry, calendar: Calendar, *, may_remake: bool, why_not: str = ""
) -> tuple[Warehouse, Stand | None]:
    """Return the warehouse, opened, and what of it is refused when it is read.

    Outdated tables are made anew if they may and can be, which is logged as a warning. Raises WarehouseError.
    """
    warehouse = config.warehouse_kind.opened(config)
    if not isinstance(warehouse, LoadedWarehouse):
        return warehouse, None  # who made its tables keeps them up to date
    state, reason = stand(warehouse, registry, config, calendar), why_not
    # Two installations that each made them anew would do so at every question, each undoing the other's work.
    if state is not None and state.turns:
        tell(f"{state.words}; to make them by this one, run: kpi remake")
    elif may_remake and is_remade_by_itself(state):
        from kpicore.ingest.remake import remake

        warehouse.close()  # the file is replaced under it, and opened anew whether that goes well or not
        try:
            tell(remake(config, registry).words)
        except KpiError as error:
            reason = f"it cannot be made anew now: {str(error).rstrip('.')}"
        warehouse = open_duckdb(config.folder / FILE, config.lags, config.timeless)
        state = stand(warehouse, registry, config, calendar)
    if state is not None:
        warehouse.refuse(_refusals(state, reason, registry, warehouse.state.entities))
    return warehouse, state


def is_remade_by_itself(state: Stand | None) -> bool:
    """Return whether the tables are outdated and nobody is to be asked before they are made anew."""
    return state is not None and bool(state.outdated.columns) and not state.turns


def tell(words: str) -> None:
    """Log what happened to the tables as a warning: it is seen on stderr unless a program says otherwise."""
    if words:
        import logging  # takes 2 ms, and there is seldom anything to tell

        logging.getLogger("kpicore").warning(short_line(words))


def _refusals(state: Stand, reason: str, registry: Registry, there: Collection[str]) -> Refusals:
    columns = {column: state.why_refused(_called(column), column, reason) for column in state.columns}
    dimensions = {}
    for name, dimension in registry.dimensions.items():
        named, holders = (dimension.entity, ""), _holders(name, registry, there)
        # one table that is right is enough to split by a dimension; a question of another one is refused by its column
        if named in columns or (holders and columns.keys() >= {*holders}):
            dimensions[name] = state.why_refused(f"the {name}", named if named in columns else holders[0], reason)
    return Refusals(columns, dimensions)


def _holders(dimension: str, registry: Registry, there: Collection[str]) -> list[Column]:
    known = (entity for entity in there if entity in registry.entities)
    return [(entity, dimension) for entity in known if dimension in registry.dimensions_of(entity)]


def _called(column: Column) -> str:
    return f"'{'.'.join(part for part in column if part)}'"
