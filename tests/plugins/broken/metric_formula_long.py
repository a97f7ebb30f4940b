# kpi_metrics: metric 'my_deals': its formula is too long: 16,005 of at most 10,000 characters.
# (metric_formula_long.py, line 9)

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric(
        "my_deals",
        name="Deals",
        unit=COUNT,
        inputs={"deals": count("opportunity", when="closed_on")},
        formula="deals" + " + deals" * 2_000,
    )
