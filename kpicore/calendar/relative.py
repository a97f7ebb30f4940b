"""Relative periods: last month, ytd, trailing 90 days. They are resolved against a given day.

today, yesterday, tomorrow
this | last | next   day, week, month, quarter, half, year, and fiscal month, quarter, half, year
wtd, mtd, qtd, htd, ytd, fmtd, fqtd, fhtd, fytd   from the start of the unit to today, today included
trailing 90 days                         the 90 days that end today, today included
trailing 12 months                       the 12 whole months before the current one; likewise
                                         weeks, quarters, halves, years and fiscal ones

What is to date or trailing is rolling: never a unit, even on a day on which it is as long as one.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from kpicore.calendar.grid import FISCAL, MONTHS, CalendarGrid, out_of_range
from kpicore.calendar.period import Grain, Period, span
from kpicore.calendar.unit_spans import months_between
from kpicore.errors import BadPeriod, closest

_STEPS = {"this": 0, "current": 0, "last": -1, "previous": -1, "next": 1}
_DAYS = {"today": 0, "yesterday": -1, "tomorrow": 1}
_UNITS = {grain.words: grain for grain in Grain} | {
    f"{grain.words}{year}": grain for grain in (Grain.HALF, Grain.FISCAL_HALF) for year in ("-year", " year")
}
_TO_DATE = {
    name: grain
    for unit, grain in _UNITS.items()
    if grain is not Grain.DAY
    for name in ("".join(word[0] for word in grain.words.split()) + "td", f"{unit} to date")
}
_TRAILING = re.compile(r"(?:trailing|last) ([0-9]{1,5}) (.+)")


def read_relative(text: str, today: date, grid: CalendarGrid) -> Period | None:
    """Return the period that the words mean on that day, or None when they are no such words.

    Raises: BadPeriod when they are, but go out of the calendar, and for `all`.
    """
    words = " ".join(text.casefold().split())
    if words in _DAYS:
        return grid.by_id(Grain.DAY, today.toordinal() + _DAYS[words], text)
    if words in _TO_DATE:
        whole = grid.containing(_TO_DATE[words], today)
        return span(whole.start, today, whole)
    if words in {"all", "all time", "ever"}:
        raise BadPeriod(text, "has no first and last day", hint="Write a range, such as 2020..2026.")
    if match := _TRAILING.fullmatch(words):
        return _trailing(text, int(match[1]), match[2], today, grid)
    step, _, unit = words.partition(" ")
    if step in _STEPS and unit in _UNITS:
        grain = _UNITS[unit]
        return grid.by_id(grain, grid.id_of(grain, today) + _STEPS[step], text)
    return None


def months_of_ends(first: Period, last: Period, grid: CalendarGrid) -> Grain | None:
    """Return which whole months a rolling range is made of by what its ends are, None for any other.

    Its days do not tell: trailing 61 days may happen to be two months.
    """
    if any(unit.months is None and unit.grain not in MONTHS for unit in (first, last)):
        return None
    fiscal = all(unit.grain in FISCAL or unit.months is Grain.FISCAL_MONTH for unit in (first, last))
    return months_between(first.start, last.last, grid, fiscal=fiscal)


def nearest_words(text: str) -> str | None:
    """Return the relative period that a misspelt one may mean, or None.

    >>> nearest_words("lats month")
    'last month'
    """
    known = [*_DAYS, *_TO_DATE, *(f"{step} {unit}" for step in ("this", "last", "next") for unit in _UNITS)]
    return closest(text, known)


def _trailing(text: str, count: int, unit: str, today: date, grid: CalendarGrid) -> Period | None:
    grain = _UNITS.get(f"{unit[:-3]}f" if unit.endswith("halves") else unit.removesuffix("s"))
    if grain is None:
        return None
    if count < 1:
        raise BadPeriod(text, "has no days")
    try:
        if grain is Grain.DAY:
            return span(today - timedelta(days=count - 1), today)
        # the unit in progress is none of them: it would be compared with whole ones
        current = grid.id_of(grain, today)
        first, last = grid.by_id(grain, current - count), grid.by_id(grain, current - 1)
    except (OverflowError, BadPeriod):
        raise out_of_range(text) from None
    return span(first.start, last.last, months=months_of_ends(first, last, grid))
