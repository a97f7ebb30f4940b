"""Made tables are made anew when their definitions have changed; what cannot be is refused, and nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kpicore.errors import KpiError
from kpicore.lineage import CALENDAR, DIMENSION, Column, Lineage, Outdated, outdated, setting, written
from kpicore.warehouse import FILE, Refusals, Warehouse, open_duckdb

if TYPE_CHECKING:
    from kpicore.config import Config
    from kpicore.load.publishing import Published
    from kpicore.periods import Calendar
    from kpicore.registry import Registry

Progress = Callable[[str, float], None]

_REMAKE = "Run: kpi remake"
_UNKNOWN = "an earlier version made the tables"
_TURNS = "another installation, with other definitions, has made the tables after this one"


@dataclass(frozen=True, slots=True)
class Stand:
    """How the made tables stand to today's definitions. `turns` tells that installations take turns at making them."""

    outdated: Outdated
    unknown: bool = False
    turns: bool = False

    def __bool__(self) -> bool:
        return bool(self.outdated.columns)

    @property
    def why(self) -> str:
        """What differs, in words."""
        return _UNKNOWN if self.unknown else self.outdated.why()


def stand(warehouse: Warehouse, registry: Registry, config: Config, calendar: Calendar) -> Stand | None:
    """Return what of the made tables is outdated, None when they are as today's definitions make them."""
    if warehouse.state.written == written(registry, config, calendar):
        return None
    from kpicore.lineage.traced import traced

    there = {*warehouse.state.entities, CALENDAR}
    kept = warehouse.lineage()
    made = Lineage.parse(kept[0]) if kept else None
    today = traced(registry, config, calendar, made)
    if made is None:
        columns = frozenset(each for each in today.origins if each[0] in there)
        return Stand(Outdated(today, (), columns), unknown=True)
    found = outdated(made, today).only(there)
    if not found.columns:
        return None
    return Stand(found, turns=_take_turns(kept[1] if kept else (), found, made))


def _take_turns(installed: tuple[str, ...], found: Outdated, made: Lineage) -> bool:
    """Whether this installation made the tables before, and another one, by other definitions, last.

    What is new to the tables, and what the workspace itself says, is no matter of installations.
    """
    differ = any(each.column in made.origins and each.column in found.today.given for each in found.causes)
    mine = found.today.installed
    return differ and mine in installed and installed[-1] != mine


def renewed(
    config: Config, registry: Registry, calendar: Calendar, *, may_remake: bool
) -> tuple[Warehouse, Stand | None]:
    """Return the warehouse, opened, and how it stands to today's definitions.

    Outdated tables are made anew if they may and can be, which is logged as a warning; else what is
    outdated of them is refused when it is read. Raises WarehouseError.
    """
    warehouse = open_duckdb(config.folder / FILE)
    found = stand(warehouse, registry, config, calendar)
    if found is None:
        return warehouse, None
    reason = "" if not found.turns else _TURNS
    if found.turns:
        logging.getLogger("kpicore").warning("%s (%s). To make them by this one: kpi remake", _TURNS, found.why)
    elif may_remake:
        warehouse.close()
        try:
            remade(config, registry)
        except KpiError as error:
            reason = f"it cannot be made anew: {str(error).rstrip('.')}"
        warehouse = open_duckdb(config.folder / FILE)
        found = stand(warehouse, registry, config, calendar)
        if found is None:
            return warehouse, None
    warehouse.refuse(refusals(found, reason, registry, warehouse.state.entities))
    return warehouse, found


def remade(
    config: Config, registry: Registry, *, everything: bool = False, progress: Progress | None = None
) -> Published:
    """Make anew what today's definitions make otherwise, and log it. Raises WarehouseError and BadDefinition."""
    from kpicore.load.remaking import remake

    found = remake(config, registry, everything=everything, progress=progress)
    if found.words:
        logging.getLogger("kpicore").warning(found.words)
    return found


def refusals(found: Stand, reason: str, registry: Registry, there: Collection[str]) -> Refusals:
    """Return why each outdated column and dimension is refused."""
    columns = found.outdated.columns

    def told(called: str, column: Column) -> str:
        why = found.why if found.unknown else found.outdated.why({column})
        because = f"; {reason}" if reason else ""
        return f"{called} was made by another definition than today's ({why}){because}. {_REMAKE}"

    dimensions = {}
    for name, each in registry.dimensions.items():
        named = [setting(DIMENSION + name)] if each.entity else _holders(name, registry, there)
        if named and all(column in columns or found.unknown for column in named):
            dimensions[name] = told(f"the {name}", named[0])
    return Refusals({each: told(_called(each), each) for each in columns}, dimensions)


def _holders(dimension: str, registry: Registry, there: Collection[str]) -> list[Column]:
    known = (each for each in there if each in registry.entities)
    return [(each, dimension) for each in known if dimension in registry.dimensions_of(each)]


def _called(column: Column) -> str:
    entity, name = column
    return f"'{entity}.{name}'" if name else f"'{entity}'"
