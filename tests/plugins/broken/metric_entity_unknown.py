# metric_entity_unknown: no entity named 'oportunity' in metric 'metric_entity_unknown', input 'deals'. Did you
# mean 'opportunity'?

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric(
        "metric_entity_unknown", name="Deals", unit=COUNT, inputs={"deals": count("oportunity", when="closed_on")}
    )
