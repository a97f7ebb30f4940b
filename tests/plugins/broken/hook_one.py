# kpi_metrics: gave one Metric, it must yield each or return a list

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    return Metric("my_deals", name="Deals", unit=COUNT, inputs={"deals": count("opportunity", when="closed_on")})
