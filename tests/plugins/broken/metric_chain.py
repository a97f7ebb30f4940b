# deals_19: metric 'deals_19': more than 20 KPIs are made one from the other.

from kpicore import COUNT, Metric, hookimpl, metric


@hookimpl
def kpi_metrics():
    yield Metric("deals_0", name="Deals", unit=COUNT, inputs={"n": metric("won_deals")})
    for number in range(19):
        yield Metric(f"deals_{number + 1}", name="Deals", unit=COUNT, inputs={"n": metric(f"deals_{number}")})
