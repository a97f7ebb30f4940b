"""Whatever a person or a spreadsheet gives as a period, read into one: text, number or date."""

from __future__ import annotations

import math
import re
from contextlib import suppress
from datetime import date, datetime, timedelta
from numbers import Real
from zoneinfo import ZoneInfo

from kpicore.calendar.grid import FISCAL, CalendarGrid, out_of_range
from kpicore.calendar.keys import read_key
from kpicore.calendar.period import Grain, Period, span
from kpicore.calendar.unit_spans import between
from kpicore.errors import BadPeriod
from kpicore.text.nearest import LONGEST_NAME

# apart, so that a number has one reading: 32874 is 1990-01-01, 73415 is 2100-12-31
_YEARS = range(1900, 2201)
_SERIALS = range(32874, 73416)
_LONGEST, _LONG = 60, 1e16
# a day early, as Excel counts a 29 February 1900 that there was not
_SERIAL_ZERO = date(1899, 12, 30)
_AMBIGUOUS = re.compile(r"([0-9]{1,2})\s*([-/. ])\s*([0-9]{1,2})\s*\2\s*([0-9]{4}|[0-9]{2})\.?")


def read_text(written: str, today: date, grid: CalendarGrid) -> Period:
    """Return the period of a key, a range or relative words. Raises BadPeriod for any other text."""
    if len(written) > LONGEST_NAME:
        problem = f"is not a period, which has at most {LONGEST_NAME} characters, not {len(written):,}"
        raise BadPeriod(f"{written[:20]}…", problem)
    text = " ".join(written.split())
    if len(text) > _LONGEST:
        raise BadPeriod(text[:20] + "…", "is not a period")
    if ".." in text:
        return _range(text, today, grid)
    return _period(text, today, grid)[0]


def read_number(value: Real, grain: Grain | None, grid: CalendarGrid) -> Period:
    """Return the year of 1900 to 2200, or the day of a serial 32874 to 73415 of Excel's 1900 system.

    A serial may carry a time of day; with `grain`, the unit that holds that day is returned.

    Raises: BadPeriod for any other number.
    """
    try:
        number = float(value)
    except OverflowError:
        raise BadPeriod("a number of hundreds of digits", "is not a period") from None
    # TRUE is a number to Python
    if isinstance(value, bool) or not math.isfinite(number):
        raise BadPeriod(value, "is not a period")
    whole = math.floor(number)
    if whole in _YEARS and whole == number:
        return grid.by_id(Grain.YEAR, whole)
    if whole in _SERIALS:
        return grid.containing(grain or Grain.DAY, _SERIAL_ZERO + timedelta(days=whole))
    shown = value if abs(number) < _LONG else f"{number:g}"
    raise BadPeriod(shown, "is neither a year 1900-2200 nor the serial number of a day 32874-73415")


def read_date(value: date, grain: Grain | None, grid: CalendarGrid, timezone: str) -> Period:
    """Return the day, or with `grain` the unit that holds it.

    A datetime with a zone is first taken to the organisation's; one without is taken as it stands.
    """
    if value != value:  # pandas' missing moment is a datetime that does not equal itself
        raise BadPeriod(value, "is empty")
    if isinstance(value, datetime):
        try:
            value = (value.astimezone(ZoneInfo(timezone)) if value.tzinfo else value).date()
        except OverflowError:  # the first hours of the year 1, the last of 9999
            raise out_of_range(value) from None
    return grid.containing(grain or Grain.DAY, value)


def _period(text: str, today: date, grid: CalendarGrid) -> tuple[Period, bool]:
    """Return the period of a text that is no range, and whether it is the same on every day."""
    if period := read_key(text, grid):
        return period, True
    # most cells hold keys: the words of all languages wait for the first that does not
    from kpicore.calendar.localized import read_words
    from kpicore.calendar.relative import read_relative

    if period := read_relative(text, today, grid):
        return period, False
    if period := read_words(text, grid):
        return period, True
    raise _refusal(text)


def _range(text: str, today: date, grid: CalendarGrid) -> Period:
    """Return the range of two periods: where both are absolute, the unit that it is exactly."""
    ends = [side.strip() for side in text.split("..")]
    if len(ends) != 2 or not all(ends):
        raise BadPeriod(text, "a range has a first and a last period", hint="Write 2026-01-10..2026-02-09.")
    (first, first_absolute), (last, last_absolute) = (_period(end, today, grid) for end in ends)
    if last.end <= first.start:
        raise BadPeriod(text, "ends before it begins")
    if first_absolute and last_absolute:
        return between(first.start, last.last, grid, fiscal=first.grain in FISCAL and last.grain in FISCAL)
    from kpicore.calendar.relative import months_of_ends

    return span(first.start, last.last, months=months_of_ends(first, last, grid))


def _refusal(text: str) -> BadPeriod:
    if not text:
        return BadPeriod(text, "is empty")
    if match := _AMBIGUOUS.fullmatch(text):
        return _ambiguous(text, int(match[1]), int(match[3]), match[4])
    if re.fullmatch(r"[0-9]+(?:[.,][0-9]+)?", text):
        return BadPeriod(text, "is a number written as text")
    from kpicore.calendar.relative import nearest_words

    if nearest := nearest_words(text):
        return BadPeriod(text, "is not a period", hint=f"Did you mean '{nearest}'?")
    return BadPeriod(text, "is not a period")


def _ambiguous(text: str, first: int, second: int, year: str) -> BadPeriod:
    readings: list[str] = []
    for month, day in sorted({(first, second), (second, first)}):
        with suppress(ValueError):
            readings.append(date(int(year) if len(year) == 4 else 2000 + int(year), month, day).isoformat())
    if not readings:
        return BadPeriod(text, "there is no such day")
    return BadPeriod(text, "is ambiguous: day first or month first", hint=f"Write {' or '.join(readings)}.")
