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
from kpicore_demo.further import Cart
from kpicore_demo.leads import Lead

Row = dict[str, Any]

_EXPECTED = {"large": 28_000, "medium": 12_000, "small": 2_800, "b2c": 350}
"""The planning model of the company: revenue still to come from a customer, by size."""

_PLANNED_DAYS = {"field": 75, "inside": 55, "online": 40}


def customer_row(each: Customer) -> Row:
    """Return a customer as a row."""
    since = each.customer_since
    return {
        "id": each.id,
        "name": each.name,
        "created_at": each.created_at,
        # Who bought before the books begin says so; for the others it is their first order.
        "first_purchase_at": since if since and since.date() < FIRST_DAY else None,
        "segment": each.segment,
        "industry": each.industry,
        "business_type": "b2b" if each.b2b else "b2c",
        "country": each.country,
        "region_id": each.region,
        "owner_id": keeper(each.owner, NOW.date()),
        "referred_by_customer_id": each.referred_by,
        "acquired_channel": each.channel,
        "expected_value": _expected(each),
    }


def _expected(each: Customer) -> Decimal | None:
    """Return the revenue that is expected of a customer: none of who left, unknown of who never bought."""
    if each.customer_since is None:
        return None
    return Decimal(_EXPECTED[each.segment if each.b2b else "b2c"] if each.buys_on(NOW.date()) else 0)


def lead_row(each: Lead) -> Row:
    """Return a lead as a row."""
    won = each.deal if each.deal and each.deal.outcome == WON else None
    minutes = each.response_business_minutes
    return {
        "id": each.id,
        "created_at": each.created_at,
        "source": each.source,
        "channel": each.channel,
        "origin": ORIGINS.get(each.source, "inbound"),
        "campaign_id": each.campaign,
        "owner_id": each.rep.id,
        "region_id": each.region,
        "lifecycle": each.lifecycle,
        "mql_at": each.mql_at,
        "sql_at": each.sql_at,
        "converted_at": won.closed_at if won else None,
        "converted_opportunity_id": each.deal.id if each.deal else None,
        "converted_customer_id": won.customer.id if won else None,
        "first_response_at": each.first_response_at,
        "first_response_business_minutes": None if minutes is None else Decimal(minutes),
        "score": Decimal(each.score),
    }


def opportunity_row(each: Deal) -> Row:
    """Return a deal as a row."""
    stage = each.visits[-1].stage
    main = max(each.basket.lines, key=lambda line: line.amount)
    return {
        "id": each.id,
        "name": f"{each.customer.name}: {main.product}",
        "customer_id": each.customer.id,
        "lead_id": each.lead_id,
        "owner_id": each.owner,
        "product_id": main.product,
        "competitor_id": each.competitor,
        "channel": each.channel,
        "source": each.source,
        "origin": ORIGINS.get(each.source, "inbound"),
        "created_at": each.created_at,
        "first_contact_at": each.first_contact_at,
        "stage_id": STAGE_IDS[stage] if each.outcome == OPEN else each.outcome,
        "amount": each.basket.amount,
        "currency": each.basket.currency,
        "probability": Decimal(PROBABILITIES[stage]) if each.outcome == OPEN else Decimal(each.outcome == WON),
        "forecast_category": _forecast(stage) if each.outcome == OPEN else None,
        "expected_close_on": (each.created_at + timedelta(days=_PLANNED_DAYS[each.rep.team])).date(),
        "closed_at": each.closed_at,
        "outcome": each.outcome,
        "loss_reason_id": each.loss_reason,
        "type": each.kind if each.kind in (NEW, RENEWAL) else "expansion",
        "deal_size": _size(each.basket.amount),
    }


def _forecast(stage: int) -> str:
    return ("pipeline", "pipeline", "best", "best", "commit")[stage]


def _size(amount: Decimal) -> str:
    return "small" if amount < 2_500 else "medium" if amount < 10_000 else "large"


def stage_rows(each: Deal) -> Iterator[Row]:
    """Give a deal's stays in its stages as rows."""
    for visit in each.visits:
        yield {
            "opportunity_id": each.id,
            "stage_id": STAGE_IDS[visit.stage],
            "entered_at": visit.entered_at,
            "left_at": visit.left_at,
            "exit": visit.exit,
        }


def cart_row(number: int, each: Cart) -> Row:
    """Return a cart as a row."""
    known = not each.visitor.startswith("visitor-")
    return {
        "id": f"W{number:05d}",
        "customer_id": each.visitor if known else None,
        "visitor_id": None if known else each.visitor,
        "channel": "Web",
        "device": each.device,
        "created_at": each.created_at,
        "ordered_at": each.ordered_at,
        "abandoned_at": each.abandoned_at,
    }
