# kpi_metrics gave {'id': 'my_deals'}, which is no Metric

from kpicore import hookimpl


@hookimpl
def kpi_metrics():
    yield {"id": "my_deals"}
