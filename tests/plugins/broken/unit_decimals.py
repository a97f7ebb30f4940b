# kpi_metrics: unit 'deals': its decimals is 0 to 12, not -1. (unit_decimals.py, line 9)

from kpicore import Metric, Unit, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric(
        "my_deals", name="Deals", unit=Unit("deals", "0", -1), inputs={"deals": count("opportunity", when="closed_on")}
    )
