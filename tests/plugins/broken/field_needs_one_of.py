# order.size: no field named 'amonut' in entity 'order', field 'order.size', its needs_one_of. Did you mean 'amount'?

from kpicore import Field, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("order", "size", Type.MONEY, "Size.", how=("amount",), needs_one_of=("amonut",))
