# seller: no field named 'ownr_id' in any entity, dimension 'seller', its key. Did you mean 'owner_id'?

from kpicore import Dimension, hookimpl


@hookimpl
def kpi_dimensions():
    yield Dimension("seller", "Who sold.", entity="user", key="ownr_id")
