# kpi_fields: field 'opportunity.size': its how is a tuple of texts, LookUps, RollUps or FirstSinces, not
# 'amount'. Write ('amount',). (field_how.py, line 9)

from kpicore import Field, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("opportunity", "size", Type.TEXT, "Large or small.", how="amount")
