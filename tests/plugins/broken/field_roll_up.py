# kpi_fields: roll-up: its aggregate is count(…), total(…), …, not 'count'. (field_roll_up.py, line 8)

from kpicore import Field, RollUp, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("customer", "deals", Type.INTEGER, "Deals.", how=(RollUp("customer_id", "count"),))
