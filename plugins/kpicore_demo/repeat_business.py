"""What customers do after their first purchase: further deals, beans ordered again, and the web shop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kpicore_demo.baskets import CROSS_SELL, NEW, RENEWAL, UPSELL, Basket, BasketLine, further_basket, line
from kpicore_demo.chance import Chance, working_day
from kpicore_demo.company import FIRST_DAY, NOW, REGIONS, SEASON
from kpicore_demo.customers import Customer, CustomerBook
from kpicore_demo.deals import Deal, deal, rep_for
from kpicore_demo.leads import days, demand

_KINDS = {RENEWAL: 40, UPSELL: 25, CROSS_SELL: 35}
_GAP_DAYS = {"small": 330, "medium": 260, "large": 200}
_CARTS_A_DAY = 1.25
_SHARE_ORDERED = 0.34
_DEVICES = {"phone": 55, "desktop": 38, "tablet": 7}
_SHOP = {"House Beans": 45, "Finch Mill": 25, "Finch Mill Pro": 10, "Marmot One": 20}


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order that came without a deal."""

    customer: Customer
    owner: str
    channel: str
    at: datetime
    basket: Basket


@dataclass(frozen=True, slots=True)
class Cart:
    """A cart of the web shop. Either it was ordered, or it was left, or it is still open."""

    visitor: str
    device: str
    created_at: datetime
    ordered_at: datetime | None
    abandoned_at: datetime | None


def further_deals(chance: Chance, customers: list[Customer]) -> list[Deal]:
    """Return the deals with businesses that had bought before: renewals, bigger machines, and more."""
    deals: list[Deal] = []
    for customer in customers:
        if customer.b2b and customer.customer_since:
            deals += _deals_with(chance.own(), customer, max(customer.customer_since.date(), FIRST_DAY))
    return deals


def _deals_with(chance: Chance, customer: Customer, day: date) -> list[Deal]:
    deals: list[Deal] = []
    while True:
        day = working_day(day + timedelta(days=20 + int(chance.waiting(_GAP_DAYS[customer.segment]))))
        if not customer.buys_on(day) or day >= NOW.date():
            return deals
        kind = chance.weighted(_KINDS)
        rep = rep_for(chance, day, customer.region, chance.weighted({"field": 5, "inside": 5}))
        lines = further_basket(chance, customer.segment, day, kind)
        channel = chance.weighted({"Phone": 5, "Email": 4, "WhatsApp": 1})
        # Who has bought before is easier to win again, most of all for the same once more.
        luck = 2.6 if kind == RENEWAL else 1.5
        deals.append(
            deal(
                chance,
                customer,
                rep,
                chance.at_work(day),
                lines,
                kind=kind,
                channel=channel,
                source="Existing customer",
                luck=luck,
            )
        )


def reorders(chance: Chance, customers: list[Customer]) -> list[Purchase]:
    """Return the orders of beans that customers place again and again until they leave."""
    purchases: list[Purchase] = []
    for customer in customers:
        if not (customer.reorders_days and customer.customer_since):
            continue
        day = max(customer.customer_since.date(), FIRST_DAY) + timedelta(days=chance.whole(8, 70))
        while customer.buys_on(day) and day < NOW.date():
            boxes = 1 + int(chance.waiting({"small": 1.5, "medium": 4, "large": 10}[customer.segment]))
            basket = Basket((line("House Beans", boxes, day, RENEWAL),))
            if chance.hits(SEASON[day.month - 1] - 0.1):
                channel = chance.weighted({"Web": 5, "Phone": 2, "Email": 2, "WhatsApp": 1})
                purchases.append(Purchase(customer, customer.owner, channel, chance.at_work(day), basket))
            day += timedelta(days=max(14, int(chance.around(customer.reorders_days, customer.reorders_days / 2))))
    return purchases


def web_shop(chance: Chance, book: CustomerBook) -> tuple[list[Cart], list[Purchase]]:
    """Return the carts of the web shop and the orders that came of them, by private people."""
    carts: list[Cart] = []
    orders: list[Purchase] = []
    regulars: list[Customer] = []
    for day in days():
        for moment in sorted(chance.awake(day) for _ in range(chance.rounded(_CARTS_A_DAY * demand(day)))):
            if moment > NOW - timedelta(hours=2):
                continue
            if chance.hits(_SHARE_ORDERED):
                order = _shop_order(chance, book, regulars, moment)
                orders.append(order)
                carts.append(Cart(order.customer.id, chance.weighted(_DEVICES), moment, order.at, None))
            else:
                left = moment + timedelta(minutes=chance.whole(3, 90))
                visitor = f"visitor-{chance.whole(10_000, 99_999)}"
                carts.append(Cart(visitor, chance.weighted(_DEVICES), moment, None, left))
    return carts, orders


def _shop_order(chance: Chance, book: CustomerBook, regulars: list[Customer], moment: datetime) -> Purchase:
    staying = [regular for regular in regulars if regular.buys_on(moment.date())]
    if staying and chance.hits(0.45):
        customer = chance.pick(staying)
        lines: tuple[BasketLine, ...] = (line("House Beans", chance.whole(1, 3), moment.date(), RENEWAL),)
        if chance.hits(0.25):
            lines += (line("Finch Mill", 1, moment.date(), CROSS_SELL),)
    else:
        region = chance.pick(tuple(REGIONS))
        customer = book.person(moment, region, rep_for(chance, moment.date(), region, "online"))
        customer.customer_since = moment
        regulars.append(customer)
        lines = (line(chance.weighted(_SHOP), 1, moment.date(), NEW),)
    return Purchase(customer, customer.owner, "Web", moment + timedelta(minutes=chance.whole(1, 40)), Basket(lines))
