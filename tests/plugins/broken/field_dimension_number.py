# order.field_dimension_number: field 'order.field_dimension_number': it is number, and answers are cut by texts.

from kpicore import Field, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("order", "field_dimension_number", Type.NUMBER, "Made.", dimension=True)
