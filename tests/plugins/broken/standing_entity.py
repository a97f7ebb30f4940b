# standing_entity: no entity named 'oportunity' in metric 'standing_entity', input 'n'. Did you mean 'opportunity'?

from kpicore import COUNT, Metric, hookimpl, standing


@hookimpl
def kpi_metrics():
    deals = standing("oportunity", since="created_on", until="closed_on")
    yield Metric("standing_entity", name="Deals", unit=COUNT, inputs={"n": deals})
