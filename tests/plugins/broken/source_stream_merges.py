# kpi_sources: stream 'loans': its merges is True or False, not 'yes'. (source_stream_merges.py, line 8)

from kpicore import SourceKind, Stream, hookimpl


@hookimpl
def kpi_sources():
    yield SourceKind("shop", "Ours.", print, streams=(Stream("loans", "order", merges="yes"),))
