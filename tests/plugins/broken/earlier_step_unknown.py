# earlier_step_unknown: metric 'earlier_step_unknown', input 'n': an earlier period is previous, year or 3 months,
# not 'fortnight'.

from kpicore import COUNT, Metric, earlier, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric("earlier_step_unknown", name="Deals", unit=COUNT, inputs={"n": earlier("won_deals", "fortnight")})
