"""Canonical keys read: 2026, 2026-H1, 2026-Q3, 2026-03, 2026-W12, 2026-03-14, FY2026-Q1, FY2026-M03.

A fiscal month is also read as finance people write it, FY2026-P3.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NoReturn

from kpicore.calendar.grid import CalendarGrid, out_of_range
from kpicore.calendar.period import Grain, Period
from kpicore.errors import BadPeriod

_KEY = re.compile(
    r"(?P<fiscal>FY)?(?P<year>[0-9]{4})"
    r"(?:-(?:(?P<letter>[HQWMP])(?P<number>[0-9]{1,2})|(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?))?",
    re.IGNORECASE,
)
_GRAINS = {
    ("", ""): Grain.YEAR,
    ("", "H"): Grain.HALF,
    ("", "Q"): Grain.QUARTER,
    ("", "M"): Grain.MONTH,
    ("", "W"): Grain.WEEK,
    ("FY", ""): Grain.FISCAL_YEAR,
    ("FY", "H"): Grain.FISCAL_HALF,
    ("FY", "Q"): Grain.FISCAL_QUARTER,
    ("FY", "M"): Grain.FISCAL_MONTH,
    ("FY", "P"): Grain.FISCAL_MONTH,
}


def read_key(text: str, grid: CalendarGrid) -> Period | None:
    """Return the period of a key, or None when the text has not the shape of one.

    Raises: BadPeriod when it has the shape but there is no such period (2026-13, 2025-02-29).
    """
    key = _KEY.fullmatch(text)
    if not key:
        return None
    year, fiscal = int(key["year"]), (key["fiscal"] or "").upper()
    if key["day"] and not fiscal:
        return _day(text, year, int(key["month"]), int(key["day"]), grid)
    if fiscal and key["month"]:  # the third month of the fiscal year, or March: two readings
        hint = f"Write FY{year:04d}-M{key['month']} for a fiscal month." if 1 <= int(key["month"]) <= 12 else ""
        raise BadPeriod(text, "a fiscal year has halves, quarters and months", hint=hint)
    # 2026-03 is read as month 3, and 2026-M03, of which nobody knows whether it is fiscal, refused below
    letter = "M" if key["month"] else (key["letter"] or "").upper()
    grain = _GRAINS.get((fiscal, letter))
    if grain is None or (key["letter"] and letter in "MP" and not fiscal):
        return _refused(text, year, letter, key["number"])
    return unit(text, grain, year, int(key["month"] or key["number"] or 1), grid)


def _refused(text: str, year: int, letter: str, number: str) -> NoReturn:
    if letter == "W":
        raise BadPeriod(text, "a fiscal year has halves, quarters and months, no weeks")
    hint = f"Write {year:04d}-{number:0>2} for a month, FY{year:04d}-M{number:0>2} for a fiscal one."
    raise BadPeriod(text, "is not a period", hint=hint if 1 <= int(number) <= 12 else "")


def unit(text: str, grain: Grain, year: int, number: int, grid: CalendarGrid) -> Period:
    """Return a year's unit, counted from 1; `text` is what the user wrote.

    Raises: BadPeriod when the year has no such unit.
    """
    try:
        id = grid.number(grain, year, number)
    except (ValueError, OverflowError):
        raise out_of_range(text) from None
    if id is None:
        raise BadPeriod(text, f"{year} has no {grain.words} {number}")
    return grid.by_id(grain, id, text)


def _day(text: str, year: int, month: int, day: int, grid: CalendarGrid) -> Period:
    try:
        day_of_key = date(year, month, day)
    except ValueError:
        raise BadPeriod(text, "there is no such day") from None
    return grid.containing(Grain.DAY, day_of_key)
