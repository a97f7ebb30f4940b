# per_key: no field named 'custmer_id' in metric 'per_key', input 'deals', entity 'opportunity'. Did you mean
# 'customer_id'?

from kpicore import COUNT, Metric, count, hookimpl, per


@hookimpl
def kpi_metrics():
    yield Metric(
        "per_key",
        name="Deals",
        unit=COUNT,
        inputs={"deals": count(per("custmer_id", count("opportunity", when="closed_on")))},
    )
