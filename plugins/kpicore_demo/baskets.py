"""What is in a deal or an order: products, quantities, discounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kpicore_demo.chance import Chance
from kpicore_demo.company import PRODUCT

NEW, RENEWAL, UPSELL, CROSS_SELL = "new", "renewal", "upsell", "cross_sell"

_CENT = Decimal("0.01")
_MACHINES = {
    "small": {"Marmot One": 58, "Marmot Duo": 37, "Marmot Grand": 5},
    "medium": {"Marmot One": 20, "Marmot Duo": 55, "Marmot Grand": 25},
    "large": {"Marmot One": 5, "Marmot Duo": 45, "Marmot Grand": 50},
}
_GRINDERS = {"Finch Mill": 60, "Finch Mill Pro": 40}
_PLANS = {"Care Basic": 35, "Care Plus": 40, "Bean Club": 25}
_MOST = {"small": 1, "medium": 2, "large": 5}


@dataclass(frozen=True, slots=True)
class BasketLine:
    """One product of a basket; `amount` and `cost` are of the whole line, in the basket's currency."""

    product: str
    quantity: int
    amount: Decimal
    cost: Decimal
    line_type: str


@dataclass(frozen=True, slots=True)
class Basket:
    """The lines of a deal or order and their currency."""

    lines: tuple[BasketLine, ...]
    currency: str = "USD"

    @property
    def amount(self) -> Decimal:
        """The sum of the lines, in the basket's currency."""
        return sum((item.amount for item in self.lines), Decimal(0))

    @property
    def cost(self) -> Decimal:
        """What the goods cost, in the basket's currency."""
        return sum((item.cost for item in self.lines), Decimal(0))


def line(product: str, quantity: int, day: date, line_type: str, *, discount: int = 0) -> BasketLine:
    """Return a line at that day's price less `discount` per cent; a plan counts with a contract's twelve months."""
    item = PRODUCT[product]
    times = quantity * (12 if item.monthly else 1)
    amount = (item.price_on(day) * times * (100 - discount) / 100).quantize(_CENT)
    return BasketLine(product, quantity, amount, item.cost * times, line_type)


def first_basket(chance: Chance, size: str, day: date) -> tuple[BasketLine, ...]:
    """Return what a business buys first: machines, perhaps grinders, perhaps a care plan."""
    pieces = chance.whole(1, _MOST[size])
    discount = chance.whole(0, 4 + 2 * pieces)
    lines = [line(chance.weighted(_MACHINES[size]), pieces, day, NEW, discount=discount)]
    if chance.hits(0.45):
        lines.append(line(chance.weighted(_GRINDERS), pieces, day, NEW, discount=discount))
    if chance.hits(0.5):
        lines.append(line(chance.weighted(_PLANS), pieces, day, NEW))
    return tuple(lines)


def further_basket(chance: Chance, size: str, day: date, kind: str) -> tuple[BasketLine, ...]:
    """Return what a customer buys later: a plan again, a bigger machine, or something beside it."""
    pieces = chance.whole(1, _MOST[size])
    if kind == RENEWAL:
        return (line(chance.weighted(_PLANS), pieces, day, RENEWAL),)
    if kind == UPSELL:
        bigger = {"Marmot Duo": 60, "Marmot Grand": 40}
        return (line(chance.weighted(bigger), pieces, day, UPSELL, discount=chance.whole(0, 10)),)
    grinder = line(chance.weighted(_GRINDERS), pieces, day, CROSS_SELL, discount=chance.whole(0, 8))
    plan = line(chance.weighted(_PLANS), pieces, day, CROSS_SELL)
    return chance.pick(((grinder,), (plan,), (grinder, plan)))


def in_currency(lines: tuple[BasketLine, ...], currency: str, rate: Decimal) -> Basket:
    """Return the basket priced in another currency; `rate` is US dollars for one unit of it."""
    return Basket(
        tuple(
            BasketLine(
                item.product,
                item.quantity,
                (item.amount / rate).quantize(_CENT),
                (item.cost / rate).quantize(_CENT),
                item.line_type,
            )
            for item in lines
        ),
        currency,
    )
