# kpi_metrics: target(…): its ref is a text, not None. (target_ref.py, line 8)

from kpicore import COUNT, Metric, hookimpl, target


@hookimpl
def kpi_metrics():
    yield Metric("my_deals", name="Deals", unit=COUNT, inputs={"n": target(None)})
