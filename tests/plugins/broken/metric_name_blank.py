# kpi_metrics: metric 'metric_name_blank': its name is a name in one line, no blanks around, not ' '.
# (metric_name_blank.py, line 10)

from kpicore import COUNT, Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    n = {"n": count("order", when="ordered_on")}
    yield Metric("metric_name_blank", name=" ", unit=COUNT, inputs=n)
