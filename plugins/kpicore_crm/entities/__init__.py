"""The vocabulary of sales: every entity that sources fill and KPIs use, and every dimension to cut by.

The order of ENTITIES is the order in which fields that fill each other are made (an order's customer
comes from its lines, then the lines' from their order): the first reads what the source gave.
"""

from __future__ import annotations

from kpicore import FX_RATE, TARGET, Entity
from kpicore_crm.entities.customers import CUSTOMERS
from kpicore_crm.entities.dimensions import DIMENSIONS, TARGET_FIELDS
from kpicore_crm.entities.marketing import MARKETING
from kpicore_crm.entities.money import MONEY
from kpicore_crm.entities.orders import ORDERS
from kpicore_crm.entities.people import PEOPLE
from kpicore_crm.entities.reference import REFERENCE
from kpicore_crm.entities.selling import SELLING

__all__ = ["DIMENSIONS", "ENTITIES", "TARGET_FIELDS"]

ENTITIES: tuple[Entity, ...] = (
    *(*SELLING, *ORDERS, *CUSTOMERS, *MARKETING, *MONEY),
    *(FX_RATE, TARGET),  # the core's own stand here
    *(*PEOPLE, *REFERENCE),
)
