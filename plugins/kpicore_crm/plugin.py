"""The plugin: the vocabulary of sales, and what kpi.toml may say of it."""

from __future__ import annotations

from collections.abc import Iterable

from kpicore import Dimension, Entity, Field, Setting, hookimpl
from kpicore_crm.entities import DIMENSIONS, ENTITIES, TARGET_FIELDS
from kpicore_crm.settings import SETTINGS


@hookimpl
def kpi_entities() -> Iterable[Entity]:
    """Give the tables of sales, from leads to surveys."""
    return ENTITIES


@hookimpl
def kpi_fields() -> Iterable[Field]:
    """Give what a target can be set for."""
    return TARGET_FIELDS


@hookimpl
def kpi_dimensions() -> Iterable[Dimension]:
    """Give what answers about sales can be cut by."""
    return DIMENSIONS


@hookimpl
def kpi_settings() -> Iterable[Setting]:
    """Give what decides who is active, and which deals are qualified or stuck."""
    return SETTINGS
