# win_rate: metric 'win_rate' is built in by 'winning'; to stand in for it, give replaces=True.

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric("win_rate", name="Ours", unit=COUNT, inputs={"deals": count("opportunity", when="closed_on")})
