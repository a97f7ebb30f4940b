# kpi_metrics: metric 'my_deals': its unit is a Unit such as COUNT, not 'count'. (metric_unit.py, line 8)

from kpicore import Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric("my_deals", name="Deals", unit="count", inputs={"deals": count("opportunity", when="closed_on")})
