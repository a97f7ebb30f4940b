# order.field_ends_number: field 'order.field_ends_number': it ends 'amount': both are a date or a moment.

from kpicore import Field, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("order", "field_ends_number", Type.DATE, "Made.", ends="amount")
