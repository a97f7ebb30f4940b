"""The earlier period that a period is compared with: like with like."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kpicore.calendar import Calendar, Period
from kpicore.calendar.arguments import text_given
from kpicore.errors import BadArgument, UnknownName
from kpicore.model.inputs import MONTHS_BACK, STEPS


def settled_step(step: str, settings: Mapping[str, object]) -> str | None:
    """Return a definition's step with its setting's value in place; None for what is no step.

    Raises UnknownName for a setting that there is not.

    >>> settled_step("setting.lag months", {"lag": 2}), settled_step("year", {}), settled_step("2 weeks", {})
    ('2 months', 'year', None)
    """
    if step in STEPS:
        return step
    match = MONTHS_BACK.fullmatch(step)
    if match is None:
        return None
    months = match[1]
    if match[2]:
        if match[2] not in settings:
            raise UnknownName("setting", match[2], settings)
        months = str(settings[match[2]])
    return f"{int(months)} months" if months.isascii() and months.isdigit() and len(months) < 4 else None


def earlier_period(period: Period, step: str, today: date, calendar: Calendar) -> Period:
    """Return the "previous" period, or the same a "year" or some "3 months" ago.

    Of a period in progress it is the same elapsed part; "previous-full" and "year-full" give the
    whole one. Raises BadArgument for another step.
    """
    word, _, full = text_given(step, "what to compare with").partition("-")
    months = MONTHS_BACK.fullmatch(word)
    if (word not in STEPS and not months) or full not in ("", "full"):
        raise BadArgument(f"cannot compare with '{step}'.", hint=f"Compare with {' or '.join(STEPS)}.")
    if period.start <= today < period.last and not full:
        period = calendar.to_date(period, today)
    if months:
        return calendar.months_before(period, int(months[1]))
    return calendar.previous(period, today=today) if word == "previous" else calendar.year_ago(period, today=today)
