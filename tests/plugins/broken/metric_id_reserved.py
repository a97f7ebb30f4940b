# kpi_metrics: metric 'explain': its id is reserved for a spreadsheet function. (metric_id_reserved.py, line 8)

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric("explain", name="Deals", unit=COUNT, inputs={"deals": count("opportunity", when="closed_on")})
