"""Numbers and changes as people want to read them; the same on screen and on the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from kpicore import (
    COUNT,
    MATURING,
    SHARE,
    ListedColumn,
    Type,
    Unit,
    change_in_points,
    harmless,
    is_good,
    per_cent,
    rounded,
)
from kpicore_reports.filled_sections import ReportNumber

MISSING = "n/a"
EMPTY = "–"
NUMERIC = (Type.INTEGER, Type.NUMBER, Type.MONEY)
_SUFFIXES: Mapping[str, str] = {
    "days": " d", "minutes": " min", "hours": " h", "years": " yrs", "per year": "/yr", "money/month": "/mo",
}  # fmt: skip


def shown(value: float | None, unit: Unit) -> str:
    """Return a number in its unit, short enough for a column.

    >>> from kpicore import DAYS, MONEY
    >>> shown(0.5816, SHARE), shown(642933.55, MONEY), shown(65.37, DAYS), shown(None, MONEY)
    ('58.2%', '642,934', '65.4 d', 'n/a')
    """
    if value is None:
        return MISSING
    if unit == SHARE:
        return f"{per_cent(value)}%"
    decimals = 0 if unit.is_money and abs(value) >= 10_000 else unit.decimals
    if unit == COUNT and value != int(value):
        decimals = 1  # 7.6 deals a rep
    return f"{rounded(value, decimals)}{_SUFFIXES.get(unit.name, '')}"


def change_of(number: ReportNumber) -> tuple[str, bool | None]:
    """Return a change with its direction, and whether it is good news: ("▲ 3.2 pts", True); "" without one."""
    change = number.change
    if change is None:
        return "", None
    points = change_in_points(change, number.kpi.unit)
    if points is not None:
        size = f"{rounded(abs(points), 1)} pts"
    else:
        size = f"{per_cent(abs(change))}%"
    arrow = "▲" if change > 0 else "▼" if change < 0 else "="
    return f"{arrow} {size}", None if is_maturing(number) else is_good(change, number.kpi.better)


def is_maturing(number: ReportNumber) -> bool:
    """Whether the number will still grow up, so that a change is no news yet."""
    return number.answer is not None and any(note.kind == MATURING for note in number.answer.notes)


def reached(number: ReportNumber) -> str:
    """Return how much of its target a number reaches, "" where there is no target."""
    return "" if number.reached is None else f"{per_cent(number.reached, 0)}%"


def with_rows(number: ReportNumber) -> str:
    """Return the number, a rate with the rows behind it: "47.5% (181)"."""
    text = shown(number.value, number.kpi.unit)
    return f"{text} ({number.n:,})" if number.kpi.is_rate and number.value is not None else text


def cell(value: object, column: ListedColumn, timezone: str) -> str:
    """Return a value of a row as text, in the column's unit; an instant in the organisation's zone."""
    if value is None:
        return EMPTY
    if isinstance(value, datetime):
        return f"{value.replace(tzinfo=ZoneInfo('UTC')).astimezone(ZoneInfo(timezone)):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}{_SUFFIXES.get(column.unit.name, '') if column.unit else ''}"
    if isinstance(value, float | Decimal):
        return shown(float(value), column.unit) if column.unit else f"{float(value):,g}"
    return harmless(value)


def is_numeric(column: ListedColumn) -> bool:
    """Whether the column holds numbers, which stand to the right."""
    return column.type in NUMERIC
