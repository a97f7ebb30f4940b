"""What the company set out to reach: by quarter and month, in total and for each rep."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from kpicore_demo.company import REPS, SEASON, Rep

Row = dict[str, Any]

_SALES_BY_QUARTER = {
    2024: (330_000, 400_000, 310_000, 330_000),
    2025: (370_000, 370_000, 420_000, 450_000),
    2026: (480_000, 600_000, 620_000, 660_000),
}
_ORDERS_TO_SALES = Decimal("1.15")
_SHARES = {"field": 13, "inside": 8, "online": 4}
_OTHERS = {
    # KPI: unit, and what each quarter of a year is to reach
    "new_customers": ("new_accounts", {2024: "50", 2025: "55", 2026: "65"}),
    "new_leads": ("volume", {2024: "225", 2025: "260", 2026: "290"}),
    "win_rate": ("share", {2024: "0.48", 2025: "0.50", 2026: "0.50"}),
    "won_deals": ("volume", {2024: "65", 2025: "75", 2026: "88"}),
    "nps": ("points", {2024: "40", 2025: "40", 2026: "42"}),
    "sales_cycle": ("days", {2024: "65", 2025: "60", 2026: "60"}),
}


def targets() -> list[Row]:
    """Return all targets; months and reps are parts of their quarter."""
    rows: list[Row] = []
    for year in _SALES_BY_QUARTER:
        for quarter in range(4):
            rows += _sales(year, quarter)
            rows += _others(year, quarter)
    return rows


def _sales(year: int, quarter: int) -> Iterator[Row]:
    whole = _SALES_BY_QUARTER[year][quarter]
    start = date(year, 3 * quarter + 1, 1)
    parent = f"total_sales-{year}-q{quarter + 1}"
    yield _target(parent, "total_sales", "quarter", start, whole, "money")
    revenue = (whole * _ORDERS_TO_SALES).quantize(Decimal(1))
    yield _target(f"revenue-{year}-q{quarter + 1}", "revenue", "quarter", start, revenue, "money")
    season = SEASON[3 * quarter : 3 * quarter + 3]
    for month in range(3):
        first = date(year, 3 * quarter + month + 1, 1)
        share = Decimal(str(season[month])) / sum(Decimal(str(each)) for each in season)
        for kpi, amount in (("total_sales", Decimal(whole)), ("revenue", revenue)):
            part = (amount * share).quantize(Decimal(1))
            yield _target(
                f"{kpi}-{first:%Y-%m}", kpi, "month", first, part, "money", parent=f"{kpi}-{year}-q{quarter + 1}"
            )
    yield from _reps(start, whole, parent)


def _reps(start: date, whole: int, parent: str) -> Iterator[Row]:
    """Give the quotas of those who work at the quarter's start; they add up to the target, to the rounding."""
    there = [each for each in REPS if each.works_on(start)]
    points = sum(_SHARES[each.team] for each in there)
    for rep in there:
        quota = Decimal(whole * _SHARES[rep.team] // points)
        yield _target(f"{parent}-{rep.id}", "total_sales", "quarter", start, quota, "money", rep=rep, parent=parent)


def _others(year: int, quarter: int) -> Iterator[Row]:
    start = date(year, 3 * quarter + 1, 1)
    for kpi, (unit, by_year) in _OTHERS.items():
        yield _target(f"{kpi}-{year}-q{quarter + 1}", kpi, "quarter", start, Decimal(by_year[year]), unit)


def _target(
    id: str,
    kpi: str,
    grain: str,
    start: date,
    value: Decimal | int,
    unit: str,
    *,
    rep: Rep | None = None,
    parent: str | None = None,
) -> Row:
    return {
        "id": id,
        "kpi_id": kpi,
        "period_grain": grain,
        "period_start": start,
        "value": Decimal(value),
        "unit": unit,
        "owner_id": rep.id if rep else None,
        "parent_target_id": parent,
        "weight": Decimal(1) if parent else None,
    }
