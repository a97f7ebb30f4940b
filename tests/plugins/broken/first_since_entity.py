# customer.first_since_entity: no entity named 'ordr' in field 'customer.first_since_entity'. Did you mean 'order'?

from kpicore import Field, FirstSince, Type, hookimpl


@hookimpl
def kpi_fields():
    lost = FirstSince("id", "ordr", "customer_id", "ordered_on", "created_on")
    yield Field(
        "customer",
        "first_since_entity",
        Type.DATE,
        "Made.",
        how=(lost,),
    )
