# owner: its key 'owner_id' is that of the built-in dimension 'rep'

from kpicore import Dimension, hookimpl


@hookimpl
def kpi_dimensions():
    yield Dimension("owner", "Who answers for the deal.", entity="user", key="owner_id")
