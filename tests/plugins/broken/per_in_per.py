# kpi_metrics: per(…): it cannot stand inside another per(…). (per_in_per.py, line 12)

from kpicore import COUNT, Metric, count, hookimpl, per


@hookimpl
def kpi_metrics():
    yield Metric(
        "my_deals",
        name="Deals",
        unit=COUNT,
        inputs={"n": count(per("id", count(per("id", count("opportunity", when="closed_on")))))},
    )
