"""What everything refers to: regions, teams, reps, products, stages and the rest, as rows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from kpicore_demo.company import (
    COMPETITORS,
    LINES,
    LOSS_REASONS,
    NOW,
    PARTNERS,
    PROBABILITIES,
    PRODUCTS,
    REGIONS,
    REPS,
    STAGE_IDS,
    STAGES,
    TEAMS,
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
