# order.look_up_entity: no entity named 'custmer' in field 'order.look_up_entity'. Did you mean 'customer'?

from kpicore import Field, LookUp, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("order", "look_up_entity", Type.TEXT, "Made.", how=(LookUp("customer_id", "custmer", "name"),))
