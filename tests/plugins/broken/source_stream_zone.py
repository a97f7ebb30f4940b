# kpi_sources: stream 'loans': its zone is a time zone such as Europe/Budapest, not 'Mars/Olympus'.
# (source_stream_zone.py, line 9)

from kpicore import SourceKind, Stream, hookimpl


@hookimpl
def kpi_sources():
    yield SourceKind("shop", "Ours.", print, streams=(Stream("loans", "order", zone="Mars/Olympus"),))
