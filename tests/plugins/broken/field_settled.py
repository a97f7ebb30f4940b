# order.field_settled: field 'order.field_settled': cannot read 'amonut': no field named 'amonut'. Did you mean
# 'amount'?

from kpicore import Field, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("order", "field_settled", Type.MONEY, "Made.", settled="amonut")
