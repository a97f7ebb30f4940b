# kpi_fields: look-up: its field is a text, not None. (field_look_up.py, line 8)

from kpicore import Field, LookUp, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("opportunity", "size", Type.TEXT, "Size.", how=(LookUp("customer_id", "customer", None),))
