# it has no hook, none of kpi_metrics, kpi_entities, kpi_derived_entities, kpi_fields, kpi_dimensions, kpi_sources,
# kpi_rules, kpi_words, kpi_reports, kpi_pages, kpi_settings

x = 1
