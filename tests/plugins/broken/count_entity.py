# count_entity: no entity named 'oportunity' in metric 'count_entity', input 'deals'. Did you mean 'opportunity'?

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric(
        "count_entity",
        name="Deals",
        unit=COUNT,
        inputs={"deals": count("oportunity", when="closed_on")},
    )
