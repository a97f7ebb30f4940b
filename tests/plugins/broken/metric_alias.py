# kpi_metrics: metric 'metric_alias': its alias 'KPI_' is no name that a function may have. Write letters, digits and
# underscores, as KPI_OTHER_NAME. (metric_alias.py, line 10)

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    n = {"n": count("order", when="ordered_on")}
    yield Metric("metric_alias", name="M", unit=COUNT, inputs=n, aliases=("KPI_",))
