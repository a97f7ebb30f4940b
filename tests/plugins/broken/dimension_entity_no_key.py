# shop: dimension 'shop': give both entity and key, or none of them.

from kpicore import Dimension, hookimpl


@hookimpl
def kpi_dimensions():
    yield Dimension("shop", "Shop.", entity="customer")
