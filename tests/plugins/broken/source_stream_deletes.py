# kpi_sources: stream 'loans': its deletes is one of never, archived-list, tombstone, query-all, full-diff, not
# 'sometimes'. (source_stream_deletes.py, line 9)

from kpicore import SourceKind, Stream, hookimpl


@hookimpl
def kpi_sources():
    yield SourceKind("shop", "Ours.", print, streams=(Stream("loans", "order", deletes="sometimes"),))
