# kpi_metrics: gave more than 10,000 records

from itertools import count as numbers

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    for number in numbers():
        yield Metric(f"deals_{number}", name="Deals", unit=COUNT, inputs={"n": count("order")})
