# metric_circle: metric 'metric_circle': is defined by itself: metric_circle.default -> metric_circle.default.

from kpicore import COUNT, Metric, hookimpl, metric


@hookimpl
def kpi_metrics():
    yield Metric("metric_circle", name="Deals", unit=COUNT, inputs={"deals": metric("metric_circle")})
