"""The hooks of a plugin. Each gives frozen records; none takes an argument it does not need."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from kpicore.entities import Dimension, Entity, Field
    from kpicore.metrics import Metric
    from kpicore.sources import SourceKind

hookspec = pluggy.HookspecMarker("kpicore")
hookimpl = pluggy.HookimplMarker("kpicore")


@hookspec
def kpi_metrics() -> Iterable[Metric]:
    """Give metrics."""
    return ()


@hookspec
def kpi_entities() -> Iterable[Entity]:
    """Give entities of your own."""
    return ()


@hookspec
def kpi_fields() -> Iterable[Field]:
    """Give fields to add to entities that exist."""
    return ()


@hookspec
def kpi_dimensions() -> Iterable[Dimension]:
    """Give dimensions to cut by."""
    return ()


@hookspec
def kpi_sources() -> Iterable[SourceKind]:
    """Give kinds of source that kpi.toml can configure."""
    return ()
