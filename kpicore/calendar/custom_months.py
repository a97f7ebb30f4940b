"""Fiscal months as the organisation lists them in a CSV file: month, first_day, last_day.

month,first_day,last_day
FY2026-M01,2025-12-29,2026-01-25
FY2026-M02,2026-01-26,2026-02-22
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from kpicore.calendar.fiscal import ListedMonths, fiscal_month_key
from kpicore.errors import BadConfig

COLUMNS = ("month", "first_day", "last_day")
_KEY = re.compile(r"FY([0-9]{4})-[MP]([0-9]{1,2})", re.IGNORECASE)
_DAY = timedelta(days=1)


def read_listed_months(file: Path) -> ListedMonths:
    """Return the fiscal months that a file lists in order, without a gap and without an overlap.

    Raises: BadConfig naming the line, for a file that cannot be read or does not list such months.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            months = list(_months(file, csv.DictReader(lines)))
    except OSError as error:
        named = "calendar.fiscal_months in kpi.toml names it."
        raise BadConfig(file, error.strerror or str(error), hint=named) from None
    except (UnicodeDecodeError, csv.Error):
        raise BadConfig(file, "it is not CSV in UTF-8") from None
    if not months:
        raise BadConfig(file, "it lists no fiscal month")
    # the first day after them all closes the list
    return ListedMonths(months[0][0], (*(start for _, start, _ in months), months[-1][2] + _DAY))


def _months(file: Path, lines: csv.DictReader[str]) -> Iterator[tuple[int, date, date]]:
    if tuple(fieldname.strip().casefold() for fieldname in lines.fieldnames or ()) != COLUMNS:
        raise BadConfig(file, "its first line names other columns", hint=f"Write {','.join(COLUMNS)}.")
    before: tuple[int, date, date] | None = None
    for line in lines:
        place = f"{file} line {lines.line_num}"
        if None in line:
            raise BadConfig(place, "it has more than three cells")
        key, first, last = (str(cell or "").strip() for cell in line.values())
        month = _month(place, key), _day(place, first), _day(place, last)
        if month[2] < month[1]:
            raise BadConfig(place, f"{key} ends on {last}, before it begins")
        if month[2] == date.max:
            raise BadConfig(place, f"{key} ends on {last}, after which there is no day")
        if before is not None:
            _check_follows(place, before, month)
        before = month
        yield month


def _month(place: str, key: str) -> int:
    match = _KEY.fullmatch(key)
    if match is None or not 1 <= int(match[2]) <= 12:
        raise BadConfig(place, f"'{key}' is no fiscal month", hint="Write FY2026-M01 to FY2026-M12.")
    return int(match[1]) * 12 + int(match[2]) - 1


def _day(place: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise BadConfig(place, f"'{text}' is no day", hint="Write 2026-01-31.")
    return day


def _check_follows(place: str, before: tuple[int, date, date], month: tuple[int, date, date]) -> None:
    wanted = fiscal_month_key(before[0] + 1)
    if month[0] != before[0] + 1:
        raise BadConfig(
            place, f"{fiscal_month_key(month[0])} follows {fiscal_month_key(before[0])}, where {wanted} ought to"
        )
    gap = (month[1] - before[2]).days - 1
    if gap:
        days = f"{abs(gap)} day{'s' if abs(gap) > 1 else ''}"
        problem = f"between them lie {days} of no month" if gap > 0 else f"they share {days}"
        raise BadConfig(
            place, f"{fiscal_month_key(before[0])} ends on {before[2]}, {wanted} begins on {month[1]}: {problem}"
        )
