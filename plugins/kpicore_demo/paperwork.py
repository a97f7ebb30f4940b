"""What follows a sale: orders with lines, contracts, subscriptions, invoices and payments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from kpicore_demo.baskets import RENEWAL, Basket
from kpicore_demo.chance import Chance, by_day
from kpicore_demo.company import NOW, PRODUCT, keeper
from kpicore_demo.customers import Customer
from kpicore_demo.deals import WON, Deal
from kpicore_demo.repeat_business import Purchase

Row = dict[str, Any]


@dataclass(slots=True)
class Papers:
    """The rows made so far, by entity."""

    order: list[Row] = field(default_factory=list)
    order_line: list[Row] = field(default_factory=list)
    contract: list[Row] = field(default_factory=list)
    subscription: list[Row] = field(default_factory=list)
    invoice: list[Row] = field(default_factory=list)
    payment: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Sale:
    customer: Customer
    owner: str
    channel: str
    at: datetime
    basket: Basket
    deal: Deal | None = None


def papers(chance: Chance, deals: Iterable[Deal], purchases: Iterable[Purchase]) -> Papers:
    """Return the paperwork of all won deals and all other purchases, in order of time."""
    sales = [_ordered(chance, deal) for deal in deals if deal.outcome == WON]
    sales += [
        _Sale(
            purchase.customer,
            keeper(purchase.owner, purchase.at.date()),
            purchase.channel,
            purchase.at,
            purchase.basket,
        )
        for purchase in purchases
    ]
    documents = Papers()
    # In order of time, as ids are numbers that are given one after the other.
    for sale in sorted((sale for sale in sales if sale.at <= NOW), key=lambda sale: sale.at):
        _write(chance, documents, sale)
    return documents


def _ordered(chance: Chance, won: Deal) -> _Sale:
    """Return the sale of a won deal: the order follows within some days."""
    assert won.closed_at is not None
    at = by_day(won.closed_at + timedelta(hours=chance.waiting(26)))
    return _Sale(won.customer, won.owner, won.channel, at, won.basket, won)


def _write(chance: Chance, documents: Papers, sale: _Sale) -> None:
    id = f"A{len(documents.order) + 1:05d}"
    cancelled = chance.hits(0.012)
    contract = _contract(documents, sale) if sale.deal and not cancelled else None
    documents.order.append(
        {
            "id": id,
            "customer_id": sale.customer.id,
            "opportunity_id": sale.deal.id if sale.deal else None,
            "contract_id": contract,
            "owner_id": sale.owner,
            "channel": sale.channel,
            "status": "cancelled" if cancelled else "completed",
            "ordered_at": sale.at,
            "amount": sale.basket.amount,
            "cost_of_goods": sale.basket.cost,
            "currency": sale.basket.currency,
        }
    )
    for number, line in enumerate(sale.basket.lines, 1):
        documents.order_line.append(
            {
                "id": f"{id}-{number}",
                "order_id": id,
                "product_id": line.product,
                "line_type": line.line_type,
                "quantity": Decimal(line.quantity),
                "amount": line.amount,
                "cost_of_goods": line.cost,
                "currency": sale.basket.currency,
            }
        )
    if not cancelled:
        _subscribe(documents, sale)
        _bill(chance, documents, sale, contract)


def _contract(documents: Papers, sale: _Sale) -> str:
    id = f"K{len(documents.contract) + 1:04d}"
    runs = any(PRODUCT[line.product].monthly for line in sale.basket.lines)
    documents.contract.append(
        {
            "id": id,
            "customer_id": sale.customer.id,
            "opportunity_id": sale.deal.id if sale.deal else None,
            "owner_id": sale.owner,
            "product_id": max(sale.basket.lines, key=lambda line: line.amount).product,
            "ordered_at": sale.at,
            "starts_on": sale.at.date(),
            "ends_on": sale.at.date() + timedelta(days=365) if runs else None,
            "amount": sale.basket.amount,
            "cost_of_goods": sale.basket.cost,
            "currency": sale.basket.currency,
            "line_type": sale.basket.lines[0].line_type,
        }
    )
    return id


def _subscribe(documents: Papers, sale: _Sale) -> None:
    """Add the subscriptions of a sale. A renewal takes the place of what ran before."""
    started = sale.at.date()
    for line in sale.basket.lines:
        if not PRODUCT[line.product].monthly:
            continue
        for subscription in documents.subscription:
            if (
                line.line_type == RENEWAL
                and subscription["customer_id"] == sale.customer.id
                and subscription["ended_on"] is None
            ):
                subscription["ended_on"] = started
        documents.subscription.append(
            {
                "id": f"S{len(documents.subscription) + 1:04d}",
                "customer_id": sale.customer.id,
                "product_id": line.product,
                "started_on": started,
                "ended_on": None,
                "monthly_amount": (line.amount / 12).quantize(Decimal("0.01")),
                "currency": sale.basket.currency,
            }
        )


def end_subscriptions(documents: Papers, customers: Iterable[Customer]) -> None:
    """End the subscriptions of customers who have left."""
    left = {customer.id: _left_on(customer) for customer in customers if customer.customer_since}
    for row in documents.subscription:
        end = max(left[row["customer_id"]], row["started_on"] + timedelta(days=30))
        if row["ended_on"] is None and end <= NOW.date():
            row["ended_on"] = end


def _left_on(customer: Customer) -> date:
    assert customer.customer_since is not None
    return customer.customer_since.date() + timedelta(days=customer.stays_days)


def _bill(chance: Chance, documents: Papers, sale: _Sale, contract: str | None) -> None:
    id = f"I{len(documents.invoice) + 1:05d}"
    issued = sale.at.date()
    due = issued + timedelta(days=30 if sale.customer.b2b else 0)
    documents.invoice.append(
        {
            "id": id,
            "customer_id": sale.customer.id,
            "contract_id": contract,
            "issued_on": issued,
            "due_on": due,
            "amount": sale.basket.amount,
            "currency": sale.basket.currency,
        }
    )
    if chance.hits(0.018):
        return
    first = (
        (sale.basket.amount / 2).quantize(Decimal("0.01")) if sale.deal and chance.hits(0.12) else sale.basket.amount
    )
    late = int(chance.around(2, 16)) if sale.customer.b2b else 0
    _receive(documents, sale, id, contract, max(issued, due + timedelta(days=late)), first)
    if first < sale.basket.amount:
        later = due + timedelta(days=late + 30 + int(chance.waiting(15)))
        _receive(documents, sale, id, contract, later, sale.basket.amount - first)


def _receive(documents: Papers, sale: _Sale, invoice: str, contract: str | None, day: date, amount: Decimal) -> None:
    if day > NOW.date():
        return
    documents.payment.append(
        {
            "id": f"P{len(documents.payment) + 1:05d}",
            "invoice_id": invoice,
            "contract_id": contract,
            "customer_id": sale.customer.id,
            "received_on": day,
            "amount": amount,
            "currency": sale.basket.currency,
        }
    )
