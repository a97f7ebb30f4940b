# customer.first_since_key: no field named 'custmer_id' in entity 'order', field 'customer.first_since_key'. Did you
# mean 'customer_id'?

from kpicore import Field, FirstSince, Type, hookimpl


@hookimpl
def kpi_fields():
    lost = FirstSince("id", "order", "custmer_id", "ordered_on", "created_on")
    yield Field(
        "customer",
        "first_since_key",
        Type.DATE,
        "Made.",
        how=(lost,),
    )
