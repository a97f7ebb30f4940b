"""Answers as of an earlier day: the tables as the loads up to it had left them, made anew beside the warehouse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpicore.config import Config
    from kpicore.engine.engine import Engine
    from kpicore.past.engines import PastEngines
    from kpicore.registry import Registry
    from kpicore.warehouse import Warehouse

__all__ = ["past_engines"]


def past_engines(config: Config, registry: Registry, warehouse: Warehouse) -> Callable[[date, Engine], Engine]:
    """Return what gives the engine of an earlier day, beside that of today."""

    @cache
    def engines() -> PastEngines:
        from kpicore.past.engines import PastEngines  # all that a load needs, for the few who ask

        return PastEngines(config, registry, warehouse)

    return lambda day, today: engines().get(day, today)
