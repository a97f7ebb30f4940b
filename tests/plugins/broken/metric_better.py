# kpi_metrics: metric 'my_deals': its better is Better.HIGHER, Better.LOWER or Better.NEUTRAL, not 'higher'.
# (metric_better.py, line 9)

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric(
        "my_deals", name="Deals", unit=COUNT, better="higher", inputs={"deals": count("opportunity", when="closed_on")}
    )
