# customer.roll_up_key_number: field 'customer.roll_up_key_number': 'opportunity.amount' is money and 'customer.id'
# text: no row is found by it.

from kpicore import Field, RollUp, Type, count, hookimpl


@hookimpl
def kpi_fields():
    deals = RollUp("amount", count("opportunity", when="closed_on"))
    yield Field("customer", "roll_up_key_number", Type.INTEGER, "Made.", how=(deals,))
