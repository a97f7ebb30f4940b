# order.shop_id: no entity named 'custoner' in field 'order.shop_id', its refers_to. Did you mean 'customer'?

from kpicore import Field, Type, hookimpl


@hookimpl
def kpi_fields():
    yield Field("order", "shop_id", Type.TEXT, "Shop.", refers_to="custoner")
