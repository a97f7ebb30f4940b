# cohorts: feature 'cohorts' is built in by 'crm'; choose another name.

from kpicore import Feature, hookimpl


@hookimpl
def kpi_features():
    yield Feature("cohorts", "Readers by year.", lambda workspace: 7)
