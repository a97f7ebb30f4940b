# order.look_up_field: no field named 'nam' in entity 'customer', field 'order.look_up_field'. Did you mean 'name'?

from kpicore import Field, LookUp, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("order", "look_up_field", Type.TEXT, "Made.", how=(LookUp("customer_id", "customer", "nam"),))
