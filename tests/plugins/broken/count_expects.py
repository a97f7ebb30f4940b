# kpi_metrics: input 'count': its expects[0][1] is a tuple of texts, not 'demo'. Write ('demo',).
# (count_expects.py, line 10)

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric(
        "my_deals", name="Deals", unit=COUNT, inputs={"n": count("activity", when="on", expects={"type": "demo"})}
    )
