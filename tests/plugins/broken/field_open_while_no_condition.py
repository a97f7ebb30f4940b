# order.gone_c_on: field 'order.gone_c_on': open_while='amount' is no condition. Compare it with something.

from kpicore import Field, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("order", "gone_c_on", Type.DATE, "Gone.", open_while="amount")
