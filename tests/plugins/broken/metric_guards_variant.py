# metric_guards_variant: its guards: no variant named 'creatd' in KPI 'win_rate'. Did you mean 'created'?

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric(
        "metric_guards_variant",
        name="Deals",
        unit=COUNT,
        inputs={"deals": count("opportunity", when="closed_on")},
        guards=("win_rate.creatd",),
    )
