"""The whole made-up history as rows by entity, in the words of the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from kpicore_demo.activities import activities, stage_tasks
from kpicore_demo.baskets import NEW, RENEWAL
from kpicore_demo.chance import Chance
from kpicore_demo.company import (
    COMPETITORS,
    FIRST_DAY,
    LINES,
    LOSS_REASONS,
    NOW,
    ORIGINS,
    PROBABILITIES,
    PRODUCTS,
    REGIONS,
    REPS,
    STAGE_IDS,
    STAGES,
    TEAMS,
    keeper,
)
from kpicore_demo.costs import campaigns, costs, partners
from kpicore_demo.customers import Customer, CustomerBook
from kpicore_demo.deals import LOST, OPEN, WON, Deal
from kpicore_demo.further import Cart, further_deals, reorders, web_shop
from kpicore_demo.leads import Lead, leads
from kpicore_demo.paperwork import end_subscriptions, papers
from kpicore_demo.rates import fx_rates
from kpicore_demo.targets import targets
from kpicore_demo.voices import email_sends, inquiries, referrals, social_events, surveys

Row = dict[str, Any]
SEED = 3017
"""The chance under which the story of `company` came out believable."""

_PLANNED_DAYS = {"field": 75, "inside": 55, "online": 40}


def history(seed: int = SEED) -> Mapping[str, Sequence[Row]]:
    """Return the rows of every entity. The same seed gives the same rows, everywhere."""
    # Each part has its own stream, so that a change in one leaves the others as they are.
    streams = iter([Chance(seed * 100 + each) for each in range(20)])
    book = CustomerBook(next(streams))
    book.open()
    found = leads(next(streams), book)
    carts, purchases = web_shop(next(streams), book)
    deals = [each.deal for each in found if each.deal] + further_deals(next(streams), book.all)
    deals.sort(key=lambda each: each.created_at)
    for number, deal in enumerate(deals, 1):
        deal.id = f"D{number:04d}"
    purchases += reorders(next(streams), book.all)
    made = papers(next(streams), deals, purchases)
    end_subscriptions(made, book.all)
    asked = inquiries(next(streams), book.all)
    referred = referrals(next(streams), found, book.all)
    return {
        **_reference(),
        "customer": [_customer(each) for each in book.all],
        "lead": [_lead(each) for each in found],
        "opportunity": [_opportunity(each) for each in deals],
        "stage_history": [row for each in deals for row in _stages(each)],
        "stage_task": stage_tasks(next(streams), deals),
        "contract": made.contract,
        "order": made.order,
        "order_line": made.order_line,
        "subscription": made.subscription,
        "invoice": made.invoice,
        "payment": made.payment,
        "cost": costs(next(streams), deals),
        "cart": [_cart(number, each) for number, each in enumerate(carts, 1)],
        "survey_response": surveys(next(streams), book.all, asked),
        "inquiry": asked,
        "referral": referred,
        "activity": activities(next(streams), found, deals),
        "email_send": email_sends(next(streams), book.all),
        "social_event": social_events(next(streams)),
        "target": targets(),
        "fx_rate": fx_rates(),
    }


def _reference() -> dict[str, list[Row]]:
    stages: list[Row] = [
        {"id": id, "name": name, "position": place, "probability": Decimal(share), "outcome": OPEN}
        for place, (id, name, share) in enumerate(zip(STAGE_IDS, STAGES, PROBABILITIES, strict=True), 1)
    ]
    closed: list[Row] = [
        {"id": WON, "name": "Won", "position": 6, "probability": Decimal(1), "outcome": WON},
        {"id": LOST, "name": "Lost", "position": None, "probability": Decimal(0), "outcome": LOST},
    ]
    named = {
        "region": REGIONS,
        "team": TEAMS,
        "product_line": LINES,
        "competitor": COMPETITORS,
        "loss_reason": LOSS_REASONS,
    }
    return {
        **{entity: [{"id": id, "name": name} for id, name in names.items()] for entity, names in named.items()},
        "partner": partners(),
        "campaign": campaigns(),
        "stage": stages + closed,
        "product": [
            {
                "id": each.id,
                "name": each.id,
                "product_line_id": each.line,
                "list_price": each.price_on(NOW.date()),
                "unit_cost": each.cost,
            }
            for each in PRODUCTS
        ],
        "user": [
            {
                "id": each.id,
                "name": each.name,
                "email": f"{each.id}@marmot-finch.example",
                "team_id": each.team,
                "region_id": each.region,
                "active_from": each.start,
                "active_to": each.end,
            }
            for each in REPS
        ],
    }


def _customer(each: Customer) -> Row:
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
    }


def _lead(each: Lead) -> Row:
    won = each.deal if each.deal and each.deal.outcome == WON else None
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
        "score": Decimal(each.score),
    }


def _opportunity(each: Deal) -> Row:
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


def _stages(each: Deal) -> Iterator[Row]:
    for visit in each.visits:
        yield {
            "opportunity_id": each.id,
            "stage_id": STAGE_IDS[visit.stage],
            "entered_at": visit.entered_at,
            "left_at": visit.left_at,
            "exit": visit.exit,
        }


def _cart(number: int, each: Cart) -> Row:
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
