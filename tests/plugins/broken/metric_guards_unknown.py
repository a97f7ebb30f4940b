# metric_guards_unknown: its guards: no KPI named 'win_rat'. Did you mean 'win_rate'?

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric(
        "metric_guards_unknown",
        name="Deals",
        unit=COUNT,
        inputs={"deals": count("opportunity", when="closed_on")},
        guards=("win_rat",),
    )
