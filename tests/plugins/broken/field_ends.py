# order.gone_a_on: no field named 'orderd_on' in entity 'order', field 'order.gone_a_on', its ends. Did you mean
# 'ordered_on'?

from kpicore import Field, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("order", "gone_a_on", Type.DATE, "Gone.", ends="orderd_on")
