"""The canonical vocabulary: every entity that sources fill and metrics use, and every dimension to cut by.

The order of ENTITIES is the order in which fields that fill each other are made (an order's customer
comes from its lines, then the lines' from their order): the first reads what the source gave.
"""

from __future__ import annotations

from kpicore.entities import Dimension, Entity
from kpicore.vocabulary.customers import CUSTOMERS
from kpicore.vocabulary.dimensions import DIMENSIONS
from kpicore.vocabulary.marketing import MARKETING
from kpicore.vocabulary.money import MONEY
from kpicore.vocabulary.orders import ORDERS
from kpicore.vocabulary.people import PEOPLE
from kpicore.vocabulary.reference import REFERENCE
from kpicore.vocabulary.selling import SELLING

__all__ = ["DIMENSIONS", "ENTITIES"]

ENTITIES: tuple[Entity, ...] = SELLING + ORDERS + CUSTOMERS + MARKETING + MONEY + PEOPLE + REFERENCE

DIMENSIONS: tuple[Dimension, ...] = DIMENSIONS
