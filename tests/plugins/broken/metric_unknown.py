# metric_unknown: no KPI named 'won_dealz' in metric 'metric_unknown', input 'n'. Did you mean 'won_deals'?

from kpicore import COUNT, Metric, hookimpl, metric


@hookimpl
def kpi_metrics():
    yield Metric("metric_unknown", name="Deals", unit=COUNT, inputs={"n": metric("won_dealz")})
