# source kind shop: its stream 'loans', entity: no entity named 'oder'. Did you mean 'order'?

from kpicore import SourceKind, Stream, hookimpl


@hookimpl
def kpi_sources():
    yield SourceKind("shop", "Ours.", print, streams=(Stream("loans", "oder"),))
