# kpi_metrics: metric 'some Text': its id is a text of lower-case letters, digits and underscores, not some
# Text. (metric_text_class.py, line 16)

from kpicore import COUNT, Metric, count, hookimpl


class Text(str):
    def __str__(self):
        raise RuntimeError

    __repr__ = __hash__ = __str__


@hookimpl
def kpi_metrics():
    yield Metric(Text("my_deals"), name="Deals", unit=COUNT, inputs={"deals": count("opportunity", when="closed_on")})
