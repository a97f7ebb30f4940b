# kpi_sources: source 'shop': its streams is a tuple of Streams, not [Stream(name='loans', entity= … rency='')]. Write
# tuple(…). (source_streams_list.py, line 9)

from kpicore import SourceKind, Stream, hookimpl


@hookimpl
def kpi_sources():
    yield SourceKind("shop", "Ours.", print, streams=[Stream("loans", "order")])
