# count_regardless_of: no dimension named 'repp' in metric 'count_regardless_of', input 'deals'. Did you mean 'rep'?

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric(
        "count_regardless_of",
        name="Deals",
        unit=COUNT,
        inputs={"deals": count("opportunity", when="closed_on", regardless_of="repp")},
    )
