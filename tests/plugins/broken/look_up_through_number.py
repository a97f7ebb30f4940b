# order.look_up_through_number: field 'order.look_up_through_number': 'order.amount' is money and 'customer.id' text:
# no row is found by it.

from kpicore import Field, LookUp, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("order", "look_up_through_number", Type.TEXT, "Made.", how=(LookUp("amount", "customer", "name"),))
