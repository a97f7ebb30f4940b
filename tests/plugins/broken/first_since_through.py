# customer.first_since_through: no field named 'idd' in entity 'customer', field 'customer.first_since_through'. Did
# you mean 'id'?

from kpicore import Field, FirstSince, Type, hookimpl


@hookimpl
def kpi_fields():
    lost = FirstSince("idd", "order", "customer_id", "ordered_on", "created_on")
    yield Field(
        "customer",
        "first_since_through",
        Type.DATE,
        "Made.",
        how=(lost,),
    )
