# customer.roll_up_key: no field named 'custmer_id' in entity 'order', field 'customer.roll_up_key'. Did you mean
# 'customer_id'?

from kpicore import Field, RollUp, Type, count, hookimpl


@hookimpl
def kpi_fields():
    yield Field("customer", "roll_up_key", Type.INTEGER, "Made.", how=(RollUp("custmer_id", count("order")),))
