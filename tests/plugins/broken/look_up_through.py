# order.look_up_through: no field named 'custmer_id' in entity 'order', field 'order.look_up_through'. Did you mean
# 'customer_id'?

from kpicore import Field, LookUp, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("order", "look_up_through", Type.TEXT, "Made.", how=(LookUp("custmer_id", "customer", "name"),))
