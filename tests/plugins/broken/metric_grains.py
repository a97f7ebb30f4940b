# kpi_metrics: metric 'my_deals': its grains is one of day, week, month, quarter, half, year, fiscal_month,
# fiscal_quarter, fiscal_half, fiscal_year, not 'months'. (metric_grains.py, line 9)

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric("my_deals", "Deals", COUNT, inputs={"n": count("opportunity", when="closed_on")}, grains=("months",))
