# kpi_sources: source 'shop': its secrets is a tuple of ids, not 'token'. Write ('token',). (source_secrets.py, line
# 9)

from kpicore import SourceKind, hookimpl


@hookimpl
def kpi_sources():
    yield SourceKind("shop", "Ours.", print, secrets="token")
