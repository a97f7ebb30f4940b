# count_where_unknown: metric 'count_where_unknown', input 'n': cannot read 'amonut > 2': no field named 'amonut'.
# Did you mean 'amount'?

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    rows = count("order", when="ordered_on", where="amonut > 2")
    yield Metric(
        "count_where_unknown",
        name="Deals",
        unit=COUNT,
        inputs={"n": rows},
    )
