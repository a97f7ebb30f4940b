# kpi_metrics: metric 'my_deals': its name has signs that steer a terminal: 'Deals\x1b[2J'.
# (metric_name_control_sign.py, line 9)

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric("my_deals", name="Deals\x1b[2J", unit=COUNT, inputs={"deals": count("opportunity", when="closed_on")})
