"""What everything refers to: regions, teams, reps, products, stages and the rest, as rows."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from kpicore_demo.company import (
    COMPETITORS,
    FIRST_DAY,
    LINES,
    LOSS_REASONS,
    NOW,
    PARTNERS,
    PROBABILITIES,
    PRODUCTS,
    RATES,
    REGIONS,
    REPS,
    STAGE_IDS,
    STAGES,
    TEAMS,
    rate_on,
)
from kpicore_demo.costs import campaigns
from kpicore_demo.deals import LOST, OPEN, WON

Row = dict[str, Any]


def reference() -> dict[str, list[Row]]:
    """Return the rows of each reference entity."""
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
        "partner": PARTNERS,
    }
    return {
        **{entity: [{"id": id, "name": name} for id, name in names.items()] for entity, names in named.items()},
        "campaign": campaigns(),
        "stage": stages + closed,
        "product": [
            {
                "id": product.id,
                "name": product.id,
                "product_line_id": product.line,
                "list_price": product.price_on(NOW.date()),
                "unit_cost": product.cost,
            }
            for product in PRODUCTS
        ],
        "user": [
            {
                "id": rep.id,
                "name": rep.name,
                "email": f"{rep.id}@marmot-finch.example",
                "team_id": rep.team,
                "region_id": rep.region,
                "active_from": rep.start,
                "active_to": rep.end,
            }
            for rep in REPS
        ],
    }


def fx_rates() -> list[Row]:
    """Return the rates into US dollars: one row a currency and week."""
    days = [FIRST_DAY + timedelta(weeks=week) for week in range((NOW.date() - FIRST_DAY).days // 7 + 1)]
    return [
        {"currency": currency, "rate_on": day, "rate": rate_on(currency, day)} for currency in RATES for day in days
    ]
