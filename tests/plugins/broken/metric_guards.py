# kpi_metrics: metric 'my_deals': its guards is a tuple of texts, not ['win_rate']. Write tuple(…).
# (metric_guards.py, line 9)

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric(
        "my_deals",
        name="Deals",
        unit=COUNT,
        inputs={"deals": count("opportunity", when="closed_on")},
        guards=["win_rate"],
    )
