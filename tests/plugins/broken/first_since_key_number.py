# opportunity.first_since_key_number: field 'opportunity.first_since_key_number': 'opportunity.id' is text and
# 'order.amount' money: no row is found by it.

from kpicore import Field, FirstSince, Type, hookimpl


@hookimpl
def kpi_fields():
    first = FirstSince("id", "order", "amount", "ordered_on", "created_on")
    yield Field("opportunity", "first_since_key_number", Type.DATE, "Made.", how=(first,))
