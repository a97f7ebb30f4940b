# kpi_sources: source 'shop': its setting 'enabled' is one that every source has. (source_setting_core.py, line 8)

from kpicore import Setting, SourceKind, Type, hookimpl


@hookimpl
def kpi_sources():
    yield SourceKind("shop", "Ours.", print, (Setting("enabled", Type.BOOLEAN, "Whether.", True),))
