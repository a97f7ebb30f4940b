# shop: no entity named 'shop' in dimension 'shop'. Known: activity, campaign, cart, competitor, contract, cost,
# customer, customer_spell, ….

from kpicore import Dimension, hookimpl


@hookimpl
def kpi_dimensions():
    yield Dimension("shop", "Shop.", entity="shop", key="shop_id")
