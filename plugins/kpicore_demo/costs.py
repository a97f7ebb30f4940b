"""What selling costs, by category and month. Nobody booked training in some months, on purpose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from kpicore_demo.chance import Chance
from kpicore_demo.company import CAMPAIGNS, FIRST_DAY, NOW, ORIGINS, REPS, SEASON, TEAMS, rate_on
from kpicore_demo.deals import WON, Deal

Row = dict[str, Any]

NO_TRAINING = (
    (date(2024, 6, 1), date(2024, 8, 31)),
    (date(2025, 12, 1), date(2026, 1, 31)),
    (date(2026, 6, 1), date(2026, 12, 31)),
)
"""Months without training costs: `kpi explain cac` should tell that they are missing."""

CAMPAIGN_CHANNELS = {
    "search-always-on": "Web",
    "newsletter": "Email",
    "latte-art-reels": "Instagram",
    "fair-stand": "Phone",
}
_ADVERTISING_A_WEEK = {"search-always-on": 620, "latte-art-reels": 780, "fair-stand": 160}
_MARKETING_A_MONTH = {"Web": 1500, "Email": 900, "Instagram": 1300, "WhatsApp": 500, "Phone": 700}
_MONTHLY = {"tools_software": 1900, "sales_expense": 2300, "hidden_other": 650, "retention": 11_000}
_SALARY = 3900


def months() -> Iterator[date]:
    """Give the first day of every month of the story."""
    day = FIRST_DAY
    while day <= NOW.date():
        yield day
        day = (day + timedelta(days=32)).replace(day=1)


def costs(chance: Chance, deals: Iterable[Deal]) -> list[Row]:
    """Return the bookings in order of time."""
    rows: list[Row] = []
    for first in months():
        rows += _people(chance, first)
        rows += _monthly(chance, first)
    rows += _advertising(chance)
    rows += [_commission(deal) for deal in deals if deal.outcome == WON]
    rows = sorted(
        (row for row in rows if row["booked_on"] <= NOW.date()),
        key=lambda row: (row["booked_on"], row["category"]),
    )
    for number, row in enumerate(rows, 1):
        row["id"] = f"B{number:05d}"
    return rows


def _people(chance: Chance, first: date) -> Iterator[Row]:
    for team in TEAMS:
        heads = sum(rep.team == team and rep.works_on(first) for rep in REPS)
        salaries = heads * _SALARY * (100 + 3 * (first.year - FIRST_DAY.year)) // 100
        yield _cost(first, "salaries", salaries, team=team)
        yield _cost(first, "benefits", salaries * 17 // 100, team=team)
        if not any(start <= first <= end for start, end in NO_TRAINING):
            yield _cost(first + timedelta(days=9), "training", chance.whole(120, 480), team=team)


def _monthly(chance: Chance, first: date) -> Iterator[Row]:
    for category, amount in _MONTHLY.items():
        yield _cost(first + timedelta(days=4), category, int(chance.around(amount, amount * 0.2)))
    for channel, amount in _MARKETING_A_MONTH.items():
        spent = int(chance.around(amount, amount * 0.25))
        yield _cost(first + timedelta(days=2), "marketing", spent, channel=channel)


def _advertising(chance: Chance) -> Iterator[Row]:
    day = FIRST_DAY
    while day <= NOW.date():
        for campaign, amount in _ADVERTISING_A_WEEK.items():
            spent = int(chance.around(amount, amount * 0.3) * SEASON[day.month - 1])
            yield _cost(day, "advertising", spent, campaign=campaign, channel=CAMPAIGN_CHANNELS[campaign])
        day += timedelta(days=7)


def _commission(won: Deal) -> Row:
    assert won.closed_at is not None
    day = won.closed_at.date()
    amount = won.basket.amount * rate_on(won.basket.currency, day) * Decimal("0.04")
    return _cost(day, "commissions", amount.quantize(Decimal("0.01")), team=won.rep.team, channel=won.channel)


def _cost(
    day: date,
    category: str,
    amount: int | Decimal,
    *,
    team: str | None = None,
    campaign: str | None = None,
    channel: str | None = None,
) -> Row:
    return {
        "id": "",
        "booked_on": day,
        "amount": Decimal(amount),
        "category": category,
        "campaign_id": campaign,
        "channel": channel,
        "team_id": team,
    }


def campaigns() -> list[Row]:
    """Give the campaigns."""
    names = {
        "search-always-on": "Search, always on",
        "newsletter": "Newsletter",
        "latte-art-reels": "Latte art reels",
        "fair-stand": "Fair stand",
    }
    return [
        {
            "id": id,
            "name": names[id],
            "channel": CAMPAIGN_CHANNELS[id],
            "source": source,
            "origin": ORIGINS.get(source, "inbound"),
        }
        for source, id in CAMPAIGNS.items()
    ]
