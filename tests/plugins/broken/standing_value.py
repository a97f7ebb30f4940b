# standing_value: metric 'standing_value', input 'n': cannot read 'amonut': no field named 'amonut'. Did you mean
# 'amount'?

from kpicore import COUNT, Metric, hookimpl, standing


@hookimpl
def kpi_metrics():
    deals = standing("opportunity", since="created_on", until="closed_on", value="amonut")
    yield Metric("standing_value", name="Deals", unit=COUNT, inputs={"n": deals})
