# kpi_metrics: calculator: its fold is one of total, average, median, percentile, not 'sum'.
# (metric_calculator.py, line 14)

from kpicore import COUNT, Calculator, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric(
        "my_deals",
        name="Deals",
        unit=COUNT,
        inputs={"deals": count("opportunity", when="closed_on")},
        calculator=Calculator(fold="sum"),
    )
