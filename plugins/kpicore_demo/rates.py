"""Exchange rates into US dollars: one a week, drifting slowly. They are invented too."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from kpicore_demo.company import CURRENCY, FIRST_DAY, NOW

# Rate at the first day, and ten-thousandths of drift a week, turning every half year.
_RATES = {"EUR": (Decimal("1.0700"), (9, -4, 6, -7, 5, 3)), "GBP": (Decimal("1.2300"), (7, 2, -6, 8, -3, 4))}
_TURN_WEEKS = 26


def rate_on(currency: str, day: date) -> Decimal:
    """Return how many US dollars one unit of the currency buys in the week of that day."""
    if currency == CURRENCY:
        return Decimal(1)
    first, drifts = _RATES[currency]
    weeks = max(0, (day - FIRST_DAY).days // 7)
    turns, rest = divmod(weeks, _TURN_WEEKS)
    steps = sum(drifts[each % len(drifts)] for each in range(turns)) * _TURN_WEEKS + drifts[turns % len(drifts)] * rest
    return first + Decimal(steps) / 10_000


def fx_rates() -> list[dict[str, Any]]:
    """Give one row a currency and week."""
    days = [FIRST_DAY + timedelta(weeks=each) for each in range((NOW.date() - FIRST_DAY).days // 7 + 1)]
    return [
        {"currency": currency, "rate_on": day, "rate": rate_on(currency, day)} for currency in _RATES for day in days
    ]
