# order.gone_b_on: field 'order.gone_b_on', its open_while: cannot read 'outcom is null': no field named 'outcom'.
# Known: amount, business_type, business_type_given, campaign_id, channel, channel_given, contract_id, cost_of_goods,
# ….

from kpicore import Field, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("order", "gone_b_on", Type.DATE, "Gone.", open_while="outcom is null")
