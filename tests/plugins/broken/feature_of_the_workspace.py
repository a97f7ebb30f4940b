# get: feature 'get' is built in by 'kpicore'; choose another name.

from kpicore import Feature, hookimpl


@hookimpl
def kpi_features():
    yield Feature("get", "Other answers.", lambda workspace: 7)
