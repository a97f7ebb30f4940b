"""Answers as of an earlier day: the tables as the loads up to it had left them, made anew beside the warehouse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from kpicore.errors import WarehouseError
from kpicore.turns import TurnLock
from kpicore.warehouse import LoadedWarehouse

if TYPE_CHECKING:
    from kpicore.as_of.engines import PastEngines
    from kpicore.config.reader import Config
    from kpicore.engine.engine import Engine
    from kpicore.registry.registry import Registry
    from kpicore.warehouse import Warehouse

__all__ = ["past_engines"]


def past_engines(config: Config, registry: Registry, warehouse: Warehouse) -> Callable[[date, Engine], Engine]:
    """Return what gives the engine of an earlier day, beside that of today. It raises WarehouseError where no loads
    are kept."""

    lock = TurnLock()
    made: list[PastEngines] = []

    def engines() -> PastEngines:
        from kpicore.as_of.engines import PastEngines  # all that a load needs, for the few who ask

        if not isinstance(warehouse, LoadedWarehouse):
            kind = config.warehouse_kind.kind
            raise WarehouseError(
                f"the data is known as it is now only: a warehouse of kind '{kind}' does not keep how it was before.",
                hint="Leave as-of out.",
            )
        with lock:  # two of them would make tables of the same names beside one file
            if not made:
                made.append(PastEngines(config, registry, warehouse))
        return made[0]

    return lambda day, today: engines().get(day, today)
