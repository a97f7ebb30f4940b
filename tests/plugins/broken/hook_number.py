# kpi_metrics: TypeError: 'int' object is not iterable

from kpicore import hookimpl


@hookimpl
def kpi_metrics():
    return 7
