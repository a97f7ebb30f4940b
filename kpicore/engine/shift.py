"""The earlier period that a period is compared with: like with like."""

from __future__ import annotations

from datetime import date

from kpicore.errors import BadArgument
from kpicore.periods import Calendar, Period

STEPS = ("previous", "year")


def earlier_period(period: Period, step: str, today: date, calendar: Calendar) -> Period:
    """Return the "previous" period, or the same a "year" ago.

    Of a period in progress it is the same elapsed part; "previous-full" and "year-full" give the
    whole one. Raises BadArgument for another step.
    """
    word, _, full = step.partition("-")
    if word not in STEPS or full not in ("", "full"):
        raise BadArgument(f"cannot compare with '{step}'.", hint=f"Compare with {' or '.join(STEPS)}.")
    if period.start <= today < period.last and not full:
        period = calendar.to_date(period, today)
    return calendar.previous(period, today=today) if word == "previous" else calendar.year_ago(period, today=today)
