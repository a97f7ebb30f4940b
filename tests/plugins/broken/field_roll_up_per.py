# kpi_fields: roll-up: it is over rows of an entity, not of per(…). (field_roll_up_per.py, line 9)

from kpicore import Field, RollUp, Type, count, hookimpl, per


@hookimpl
def kpi_fields():
    yield Field(
        "customer", "deals", Type.INTEGER, "Deals.", how=(RollUp("customer_id", count(per("id", count("order")))),)
    )
