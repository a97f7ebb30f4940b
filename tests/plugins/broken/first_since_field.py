# customer.first_since_field: no field named 'orderd_on' in entity 'order', field 'customer.first_since_field'. Did
# you mean 'ordered_on'?

from kpicore import Field, FirstSince, Type, hookimpl


@hookimpl
def kpi_fields():
    lost = FirstSince("id", "order", "customer_id", "orderd_on", "created_on")
    yield Field(
        "customer",
        "first_since_field",
        Type.DATE,
        "Made.",
        how=(lost,),
    )
