# kpi_sources: source 'regions': its open is a function, not 'regions.csv'. (source_open.py, line 8)

from kpicore import SourceKind, hookimpl


@hookimpl
def kpi_sources():
    yield SourceKind("regions", "Regions.", "regions.csv")
