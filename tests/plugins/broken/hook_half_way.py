# kpi_metrics: RuntimeError: no more to give\x1b[2J (hook_half_way.py, line 9)

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric("my_deals", name="Deals", unit=COUNT, inputs={"deals": count("opportunity", when="closed_on")})
    raise RuntimeError("no more\nto give\x1b[2J")
