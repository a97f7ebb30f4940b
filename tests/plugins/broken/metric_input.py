# kpi_metrics: metric 'my_deals': its inputs['n'] is count(…), total(…), …, standing(…), metric(…), earlier(…)
# or target(…), not 'x'. (metric_input.py, line 9)

from kpicore import COUNT, Metric, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric("my_deals", name="Deals", unit=COUNT, inputs={"n": "x"})
