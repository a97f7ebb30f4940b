# metric_needs_cut: no dimension named 'stagee' in metric 'metric_needs_cut'. Did you mean 'stage'?

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric(
        "metric_needs_cut",
        name="Deals",
        unit=COUNT,
        inputs={"deals": count("opportunity", when="closed_on")},
        needs_cut=("stagee",),
    )
