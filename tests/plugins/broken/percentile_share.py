# kpi_metrics: percentile(…): its share is 0 to 1, not 90. (percentile_share.py, line 9)

from kpicore import COUNT, Metric, hookimpl, percentile


@hookimpl
def kpi_metrics():
    yield Metric(
        "my_deals", name="Deals", unit=COUNT, inputs={"n": percentile("opportunity", "amount", 90, when="closed_on")}
    )
