# metric_twice: metric 'metric_twice' is given twice by 'metric_twice': it is not used

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric(
        "metric_twice",
        name="Deals",
        unit=COUNT,
        inputs={"deals": count("opportunity", when="closed_on")},
    )
    yield Metric(
        "metric_twice",
        name="Deals",
        unit=COUNT,
        inputs={"deals": count("opportunity", when="closed_on")},
    )
