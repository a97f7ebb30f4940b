"""Ways to write one span of days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kpicore import Calendar, Grain, Period

_MONTHS = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()
_SERIAL_ZERO = date(1899, 12, 30)


def spellings(calendar: Calendar, unit: Period) -> Iterator[str | int]:
    """Yield texts and numbers that mean the days of a unit; fiscal ones have "FY" in them."""
    yield unit.key
    yield f" {unit.key.lower()} "
    yield f"{unit.start}..{unit.last}"
    yield f"{unit.start} .. {unit.last}"
    for grain in Grain:
        ids = calendar.tiles(unit, grain)
        if ids is not None:
            first, last = calendar.by_id(grain, ids[0]), calendar.by_id(grain, ids[-1])
            yield f"{first}..{last}"
            yield f"{first}..{unit.last}"
    yield from _words(unit)


def _words(unit: Period) -> Iterator[str | int]:
    year, month = unit.start.year, unit.start.month
    match unit.grain:
        case Grain.YEAR:
            yield from (f"{year}年", f"anul {year}", year)
        case Grain.QUARTER:
            quarter = (month + 2) // 3
            yield from (
                f"Q{quarter} {year}",
                f"{year}年{quarter}季度",
                f"T{quarter} {year}",
                f"{year} {quarter}. negyedév",
            )
        case Grain.MONTH:
            yield from (f"{year}年{month}月", f"{_MONTHS[month - 1]} {year}")
        case Grain.DAY:
            yield f"{unit.start.day} {_MONTHS[month - 1]} {year}"
            yield (unit.start - _SERIAL_ZERO).days
