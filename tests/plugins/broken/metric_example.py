# kpi_metrics: example: its arguments[1] is a number, not '2'. (metric_example.py, line 13)

from kpicore import COUNT, Example, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric(
        "my_deals",
        name="Deals",
        unit=COUNT,
        inputs={"deals": count("opportunity", when="closed_on")},
        examples=(Example((1, "2"), 3),),
    )
