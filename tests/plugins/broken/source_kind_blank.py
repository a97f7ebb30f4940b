# kpi_sources: source 'files ': its kind is a name in one line, no blanks around, not 'files '. (source_kind_blank.py,
# line 9)

from kpicore import SourceKind, hookimpl


@hookimpl
def kpi_sources():
    yield SourceKind("files ", "Ours.", print)
