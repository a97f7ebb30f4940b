# opportunity.competitor: field 'opportunity.competitor': 'competitor' is a dimension, whose values are the names of
# rows: choose another name.

from kpicore import Field, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("opportunity", "competitor", Type.TEXT, "Whom we fight.")
