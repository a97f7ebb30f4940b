# my_deals: it replaces nothing: no metric 'my_deals' is built in.

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    inputs = {"deals": count("opportunity", when="closed_on")}
    yield Metric("my_deals", name="Ours", unit=COUNT, inputs=inputs, replaces=True)
