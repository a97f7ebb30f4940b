# earlier_unknown: no KPI named 'won_dealz' in metric 'earlier_unknown', input 'deals'. Did you mean 'won_deals'?

from kpicore import COUNT, Metric, earlier, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric(
        "earlier_unknown",
        name="Deals",
        unit=COUNT,
        inputs={"deals": earlier("won_dealz", "year")},
    )
