# metric_alias_twice: an alias of it is a spreadsheet function of 'twice' by 'metric_alias_twice' too

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    n = {"n": count("order", when="ordered_on")}
    yield Metric("metric_alias_twice", name="M", unit=COUNT, inputs=n, aliases=("KPI_TWICE",))
    yield Metric("twice", name="Twice", unit=COUNT, inputs=n)
