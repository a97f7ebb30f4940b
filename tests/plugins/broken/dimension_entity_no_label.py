# shop: dimension 'shop': rows of the entity 'order' have no label to be called by.

from kpicore import Dimension, hookimpl


@hookimpl
def kpi_dimensions():
    yield Dimension("shop", "Shop.", entity="order", key="order_id")
