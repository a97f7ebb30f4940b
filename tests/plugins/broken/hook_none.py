# kpi_metrics: gave nothing, did you forget to return or yield?

from kpicore import hookimpl


@hookimpl
def kpi_metrics():
    pass
