# kpi_sources: source 'shop': it has two streams 'loans'. (source_stream_twice.py, line 8)

from kpicore import SourceKind, Stream, hookimpl


@hookimpl
def kpi_sources():
    yield SourceKind("shop", "Ours.", print, streams=(Stream("loans", "order"), Stream("loans", "lead")))
