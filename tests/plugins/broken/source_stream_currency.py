# kpi_sources: stream 'loans': its currency is a code such as EUR, not 'euro'. (source_stream_currency.py, line 8)

from kpicore import SourceKind, Stream, hookimpl


@hookimpl
def kpi_sources():
    yield SourceKind("shop", "Ours.", print, streams=(Stream("loans", "order", currency="euro"),))
