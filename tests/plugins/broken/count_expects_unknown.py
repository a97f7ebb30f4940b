# count_expects_unknown: no dimension named 'stagee' in metric 'count_expects_unknown', input 'deals'. Did you mean
# 'stage'?

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric(
        "count_expects_unknown",
        name="Deals",
        unit=COUNT,
        inputs={"deals": count("opportunity", when="closed_on", expects={"stagee": ("x",)})},
    )
