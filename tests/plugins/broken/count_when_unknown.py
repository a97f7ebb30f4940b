# count_when_unknown: no field named 'closd_on' in metric 'count_when_unknown', input 'deals', entity 'opportunity'.
# Did you mean 'closed_on'?

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric(
        "count_when_unknown",
        name="Deals",
        unit=COUNT,
        inputs={"deals": count("opportunity", when="closd_on")},
    )
