# total_value: metric 'total_value', input 'n': cannot read 'amonut': no field named 'amonut'. Did you mean 'amount'?

from kpicore import COUNT, Metric, hookimpl, total


@hookimpl
def kpi_metrics():
    yield Metric("total_value", name="Deals", unit=COUNT, inputs={"n": total("order", "amonut", when="ordered_on")})
