# standing_until: no field named 'closd_on' in metric 'standing_until', input 'deals', entity 'opportunity'. Did you
# mean 'closed_on'?

from kpicore import COUNT, Metric, hookimpl, standing


@hookimpl
def kpi_metrics():
    yield Metric(
        "standing_until",
        name="Deals",
        unit=COUNT,
        inputs={"deals": standing("opportunity", since="created_on", until="closd_on")},
    )
