# metric_name_of_another: it is called 'Win rate (metric_name_of_another)': 'win_rate' is found by 'Win rate'

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    n = {"n": count("order", when="ordered_on")}
    yield Metric("metric_name_of_another", name="Win rate", unit=COUNT, inputs=n)
