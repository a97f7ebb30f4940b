# kpi_sources: source 'shop': its link is a function, not 'https://shop.test/{id}'. (source_link.py, line 8)

from kpicore import SourceKind, hookimpl


@hookimpl
def kpi_sources():
    yield SourceKind("shop", "Ours.", print, link="https://shop.test/{id}")
