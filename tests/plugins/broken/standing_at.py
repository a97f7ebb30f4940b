# kpi_metrics: standing(…): its at is At.START, At.END, At.MEAN or At.DURING, not 'end'. (standing_at.py, line
# 13)

from kpicore import COUNT, Metric, hookimpl, standing


@hookimpl
def kpi_metrics():
    yield Metric(
        "my_deals",
        name="Deals",
        unit=COUNT,
        inputs={"n": standing("opportunity", since="created_on", until="closed_on", at="end")},
    )
