# kpi_metrics: metric '5': its id is a text of lower-case letters, digits and underscores, not 5. (metric_id.py,
# line 9)

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric(id=5, name="Deals", unit=COUNT, inputs={"deals": count("opportunity", when="closed_on")})
