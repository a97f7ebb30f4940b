# standing_regardless_of: no dimension named 'repp' in metric 'standing_regardless_of', input 'n'. Did you mean
# 'rep'?

from kpicore import COUNT, Metric, hookimpl, standing


@hookimpl
def kpi_metrics():
    deals = standing("opportunity", since="created_on", until="closed_on", regardless_of="repp")
    yield Metric("standing_regardless_of", name="Deals", unit=COUNT, inputs={"n": deals})
