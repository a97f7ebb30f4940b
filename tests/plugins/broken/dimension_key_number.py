# payer: dimension 'payer': its key 'opportunity.amount' is money, and ids are text.

from kpicore import Dimension, hookimpl


@hookimpl
def kpi_dimensions():
    yield Dimension("payer", "Who pays.", entity="user", key="amount")
