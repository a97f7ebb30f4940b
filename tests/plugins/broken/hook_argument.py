# kpi_metrics is given no arguments, and needs 'config'

from kpicore import hookimpl


@hookimpl
def kpi_metrics(config):
    return []
