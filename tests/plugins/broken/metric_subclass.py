# kpi_metrics: MyMetric: it is made from Metric: give a Metric itself. (metric_subclass.py, line 12)

from kpicore import COUNT, Metric, count, hookimpl


class MyMetric(Metric):
    pass


@hookimpl
def kpi_metrics():
    yield MyMetric("my_deals", name="Deals", unit=COUNT, inputs={"deals": count("opportunity", when="closed_on")})
