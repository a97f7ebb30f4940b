# standing_where: metric 'standing_where', input 'n': cannot read 'amonut > 2': no field named 'amonut'. Did you mean
# 'amount'?

from kpicore import COUNT, Metric, hookimpl, standing


@hookimpl
def kpi_metrics():
    deals = standing("opportunity", since="created_on", until="closed_on", where="amonut > 2")
    yield Metric("standing_where", name="Deals", unit=COUNT, inputs={"n": deals})
