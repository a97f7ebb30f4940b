# no hook named 'kpi_metrix'. Did you mean 'kpi_metrics'?

from kpicore import hookimpl


@hookimpl
def kpi_metrix():
    return []
