# kpi_metrics: earlier(…): its step is a text, not 3. (earlier_step.py, line 8)

from kpicore import COUNT, Metric, earlier, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric("my_deals", name="Deals", unit=COUNT, inputs={"n": earlier("won_deals", 3)})
