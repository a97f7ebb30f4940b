"""Customers, leads, deals and carts as rows, in the words of the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from kpicore_demo.baskets import NEW, RENEWAL
from kpicore_demo.company import FIRST_DAY, NOW, ORIGINS, PROBABILITIES, STAGE_IDS, keeper
from kpicore_demo.customers import Customer
from kpicore_demo.deals import OPEN, WON, Deal
from kpicore_demo.leads import Lead
from kpicore_demo.repeat_business import Cart

Row = dict[str, Any]

_EXPECTED = {"large": 28_000, "medium": 12_000, "small": 2_800, "b2c": 350}
"""The planning model of the company: revenue still to come from a customer, by size."""

_PLANNED_DAYS = {"field": 75, "inside": 55, "online": 40}


def customer_row(customer: Customer) -> Row:
    """Return a customer as a row."""
    since = customer.customer_since
    return {
        "id": customer.id,
        "name": customer.name,
        "created_at": customer.created_at,
        # Who bought before the books begin says so; for the others it is their first order.
        "first_purchase_at": since if since and since.date() < FIRST_DAY else None,
        "segment": customer.segment,
        "industry": customer.industry,
        "business_type": "b2b" if customer.b2b else "b2c",
        "country": customer.country,
        "region_id": customer.region,
        "owner_id": keeper(customer.owner, NOW.date()),
        "referred_by_customer_id": customer.referred_by,
        "acquired_channel": customer.channel,
        "expected_value": _expected(customer),
    }


def _expected(customer: Customer) -> Decimal | None:
    """Return the revenue that is expected of a customer: none of who left, unknown of who never bought."""
    if customer.customer_since is None:
        return None
    return Decimal(_EXPECTED[customer.segment if customer.b2b else "b2c"] if customer.buys_on(NOW.date()) else 0)


def lead_row(lead: Lead) -> Row:
    """Return a lead as a row."""
    won = lead.deal if lead.deal and lead.deal.outcome == WON else None
    minutes = lead.response_business_minutes
    return {
        "id": lead.id,
        "created_at": lead.created_at,
        "source": lead.source,
        "channel": lead.channel,
        "origin": ORIGINS.get(lead.source, "inbound"),
        "campaign_id": lead.campaign,
        "owner_id": lead.rep.id,
        "region_id": lead.region,
        "lifecycle": lead.lifecycle,
        "mql_at": lead.mql_at,
        "sql_at": lead.sql_at,
        "converted_at": won.closed_at if won else None,
        "converted_opportunity_id": lead.deal.id if lead.deal else None,
        "converted_customer_id": won.customer.id if won else None,
        "first_response_at": lead.first_response_at,
        "first_response_business_minutes": None if minutes is None else Decimal(minutes),
        "score": Decimal(lead.score),
    }


def opportunity_row(deal: Deal) -> Row:
    """Return a deal as a row."""
    stage = deal.visits[-1].stage
    main = max(deal.basket.lines, key=lambda line: line.amount)
    return {
        "id": deal.id,
        "name": f"{deal.customer.name}: {main.product}",
        "customer_id": deal.customer.id,
        "lead_id": deal.lead_id,
        "owner_id": deal.owner,
        "product_id": main.product,
        "competitor_id": deal.competitor,
        "channel": deal.channel,
        "source": deal.source,
        "origin": ORIGINS.get(deal.source, "inbound"),
        "created_at": deal.created_at,
        "first_contact_at": deal.first_contact_at,
        "stage_id": STAGE_IDS[stage] if deal.outcome == OPEN else deal.outcome,
        "amount": deal.basket.amount,
        "currency": deal.basket.currency,
        "probability": Decimal(PROBABILITIES[stage]) if deal.outcome == OPEN else Decimal(deal.outcome == WON),
        "forecast_category": _forecast(stage) if deal.outcome == OPEN else None,
        "expected_close_on": (deal.created_at + timedelta(days=_PLANNED_DAYS[deal.rep.team])).date(),
        "closed_at": deal.closed_at,
        "outcome": deal.outcome,
        "loss_reason_id": deal.loss_reason,
        "type": deal.kind if deal.kind in (NEW, RENEWAL) else "expansion",
        "deal_size": _size(deal.basket.amount),
    }


def _forecast(stage: int) -> str:
    return ("pipeline", "pipeline", "best", "best", "commit")[stage]


def _size(amount: Decimal) -> str:
    return "small" if amount < 2_500 else "medium" if amount < 10_000 else "large"


def stage_rows(deal: Deal) -> Iterator[Row]:
    """Give a deal's stays in its stages as rows."""
    for visit in deal.visits:
        yield {
            "opportunity_id": deal.id,
            "stage_id": STAGE_IDS[visit.stage],
            "entered_at": visit.entered_at,
            "left_at": visit.left_at,
            "exit": visit.exit,
        }


def cart_row(number: int, cart: Cart) -> Row:
    """Return a cart as a row."""
    known = not cart.visitor.startswith("visitor-")
    return {
        "id": f"W{number:05d}",
        "customer_id": cart.visitor if known else None,
        "visitor_id": None if known else cart.visitor,
        "channel": "Web",
        "device": cart.device,
        "created_at": cart.created_at,
        "ordered_at": cart.ordered_at,
        "abandoned_at": cart.abandoned_at,
    }
