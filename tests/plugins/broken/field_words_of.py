# order.said: no field named 'statsu' in entity 'order', field 'order.said', its words_of. Did you mean 'status'?

from kpicore import Field, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("order", "said", Type.TEXT, "Said.", words_of="statsu")
