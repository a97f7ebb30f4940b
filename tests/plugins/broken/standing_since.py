# standing_since: no field named 'creatd_on' in metric 'standing_since', input 'n', entity 'opportunity'. Did you
# mean 'created_on'?

from kpicore import COUNT, Metric, hookimpl, standing


@hookimpl
def kpi_metrics():
    deals = standing("opportunity", since="creatd_on", until="closed_on")
    yield Metric("standing_since", name="Deals", unit=COUNT, inputs={"n": deals})
