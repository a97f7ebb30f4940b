# kpi_metrics: input 'count': its when is a text, not 5. (count_where.py, line 8)

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric("my_deals", name="Deals", unit=COUNT, inputs={"n": count("opportunity", when=5)})
