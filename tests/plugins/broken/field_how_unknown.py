# order.field_how_unknown: field 'order.field_how_unknown': cannot read 'amonut': no field named 'amonut'. Did you
# mean 'amount'?

from kpicore import Field, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("order", "field_how_unknown", Type.MONEY, "Made.", how=("amonut",))
