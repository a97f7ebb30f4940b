"""The hooks of a plugin. Each gives frozen records; none takes an argument it does not need."""

from kpicore.plugins.hookspecs.markers import hookimpl
from kpicore.plugins.hookspecs.numbers import (
    kpi_derived_entities,
    kpi_dimensions,
    kpi_entities,
    kpi_fields,
    kpi_metrics,
    kpi_sources,
)
from kpicore.plugins.hookspecs.shown import kpi_note_words, kpi_pages, kpi_reports, kpi_rules, kpi_words
from kpicore.plugins.hookspecs.workspaces import (
    kpi_features,
    kpi_import_questions,
    kpi_presumptions,
    kpi_settings,
    kpi_warehouses,
    kpi_workspace_files,
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
    "kpi_note_words",
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
