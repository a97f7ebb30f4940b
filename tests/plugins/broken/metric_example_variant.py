# kpi_metrics: metric 'my_deals', example: its variant is one of default, not 'won'. (metric_example_variant.py,
# line 9)

from kpicore import COUNT, Example, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric(
        "my_deals",
        name="Deals",
        unit=COUNT,
        inputs={"deals": count("opportunity", when="closed_on")},
        examples=(Example((1,), 1, variant="won"),),
    )
