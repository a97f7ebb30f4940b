# kpi_metrics: metric 'my_deals': its name is too long: 500 of at most 255 characters. (metric_name_long.py,
# line 9)

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric("my_deals", name="Deals" * 100, unit=COUNT, inputs={"deals": count("opportunity", when="closed_on")})
