# kpi_metrics: metric 'deals\x1b[2J': its id has signs that steer a terminal: 'deals\x1b[2J'.
# (metric_id_control_sign.py, line 9)

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric("deals\x1b[2J", name="Deals", unit=COUNT, inputs={"deals": count("opportunity", when="closed_on")})
