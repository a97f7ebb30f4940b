# customer.first_since_since: no field named 'creatd_on' in entity 'customer', field 'customer.first_since_since'.
# Did you mean 'created_on'?

from kpicore import Field, FirstSince, Type, hookimpl


@hookimpl
def kpi_fields():
    lost = FirstSince("id", "order", "customer_id", "ordered_on", "creatd_on")
    yield Field(
        "customer",
        "first_since_since",
        Type.DATE,
        "Made.",
        how=(lost,),
    )
