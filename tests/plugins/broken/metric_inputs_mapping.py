# kpi_metrics: metric 'my_deals': its inputs is a dict of count(…), total(…), …, standing(…), metric(…),
# earlier(…) or target(…), not {'n': Aggregate(word='count' … ects=())}. Write dict(…).
# (metric_inputs_mapping.py, line 12)

from collections import UserDict

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric("my_deals", name="Deals", unit=COUNT, inputs=UserDict(n=count("order")))
