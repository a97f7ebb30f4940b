# target_unknown: no KPI named 'won_dealz' in metric 'target_unknown', input 'n'. Did you mean 'won_deals'?

from kpicore import COUNT, Metric, hookimpl, target


@hookimpl
def kpi_metrics():
    yield Metric("target_unknown", name="Deals", unit=COUNT, inputs={"n": target("won_dealz")})
