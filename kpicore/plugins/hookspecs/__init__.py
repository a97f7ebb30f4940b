"""The hooks of a plugin. Each gives frozen records; none takes an argument it does not need."""

from __future__ import annotations

from kpicore.plugins.hookspecs.data import kpi_import_questions, kpi_sources, kpi_warehouses, kpi_workspace_files
from kpicore.plugins.hookspecs.hosts import kpi_features, kpi_pages, kpi_reports
from kpicore.plugins.hookspecs.markers import hookimpl
from kpicore.plugins.hookspecs.meaning import (
    kpi_derived_entities,
    kpi_dimensions,
    kpi_entities,
    kpi_fields,
    kpi_metrics,
    kpi_presumptions,
    kpi_rules,
    kpi_settings,
    kpi_words,
)

__all__ = [
    "hookimpl",
    "kpi_derived_entities",
    "kpi_dimensions",
    "kpi_entities",
    "kpi_features",
    "kpi_fields",
    "kpi_import_questions",
    "kpi_metrics",
    "kpi_pages",
    "kpi_presumptions",
    "kpi_reports",
    "kpi_rules",
    "kpi_settings",
    "kpi_sources",
    "kpi_warehouses",
    "kpi_words",
    "kpi_workspace_files",
]
