# kpi_metrics: metric 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx … xxxxxxxxxxxxxxxxxxx': its unit is
# a Unit such as COUNT, not 'count'. (metric_name_of_many_letters.py, line 9)

from kpicore import Metric, count, hookimpl


@hookimpl
def kpi_metrics():
    yield Metric("x" * 255, name="Deals", unit="count", inputs={"n": count("opportunity", when="closed_on")})
