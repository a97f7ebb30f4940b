# kpi_features: feature 'due': its make is a function, not 7. (feature_make.py, line 8)

from kpicore import Feature, hookimpl


@hookimpl
def kpi_features():
    yield Feature("due", "Books that are due.", 7)
