# customer.roll_up_when_number: field 'customer.roll_up_when_number': when='amount' is money, no date or moment.

from kpicore import Field, RollUp, Type, count, hookimpl


@hookimpl
def kpi_fields():
    deals = RollUp("customer_id", count("opportunity", when="amount"))
    yield Field("customer", "roll_up_when_number", Type.INTEGER, "Made.", how=(deals,))
