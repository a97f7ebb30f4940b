# kpi_sources: source 'shop': it has two settings 'token'. (source_setting_twice.py, line 8)

from kpicore import Setting, SourceKind, Type, hookimpl


@hookimpl
def kpi_sources():
    yield SourceKind("shop", "Ours.", print, (Setting("token", Type.TEXT, "It.", secret=True),), ("token",))
