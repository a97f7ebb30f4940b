# kpi_metrics is async, and nothing awaits it: write def

from kpicore import hookimpl


@hookimpl
async def kpi_metrics():
    return []
