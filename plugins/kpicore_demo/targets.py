"""What the company set out to reach: by quarter and month, in total and for each rep."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from kpicore_demo.company import NOW, REPS, SEASON

Row = dict[str, Any]

_SALES_BY_QUARTER = {
    2024: (255_000, 310_000, 410_000, 540_000),
    2025: (510_000, 600_000, 540_000, 520_000),
    2026: (600_000, 640_000, 700_000, 740_000),
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
# Part of a showroom, its weight, its tasks, and how far it is in the quarter that is running.
_PARTS = (("lease", 2, 4, Decimal(1)), ("fit-out", 3, 10, Decimal("0.6")), ("opening", 1, 5, Decimal(0)))
_MISSED = (2025, 2, "opening")


def targets() -> list[Row]:
    """Return the targets of KPIs, and the goals that no KPI measures with their parts."""
    rows: list[Row] = []
    for year in _SALES_BY_QUARTER:
        for quarter in range(4):
            rows += _sales(year, quarter)
            rows += _others(year, quarter)
            rows += _goal(year, quarter)
    return rows


def _sales(year: int, quarter: int) -> Iterator[Row]:
    whole = _SALES_BY_QUARTER[year][quarter]
    start = date(year, 3 * quarter + 1, 1)
    revenue = (whole * _ORDERS_TO_SALES).quantize(Decimal(1))
    for kpi, amount in (("total_sales", Decimal(whole)), ("revenue", revenue)):
        yield _target(f"{kpi}-{year}-q{quarter + 1}", kpi, "quarter", start, amount, "money")
        yield from _months(kpi, year, quarter, amount)
    yield from _quotas(f"total_sales-{year}-q{quarter + 1}", start, whole)


def _months(kpi: str, year: int, quarter: int, amount: Decimal) -> Iterator[Row]:
    """Give the months of a quarter; they add up to it, to the rounding."""
    season = [Decimal(str(demand)) for demand in SEASON[3 * quarter : 3 * quarter + 3]]
    for month, share in enumerate(season, 3 * quarter + 1):
        part = (amount * share / sum(season)).quantize(Decimal(1))
        yield _target(f"{kpi}-{year}-{month:02d}", kpi, "month", date(year, month, 1), part, "money")


def _quotas(id: str, start: date, whole: int) -> Iterator[Row]:
    """Give the quotas of those who work at the quarter's start; they add up to the target, to the rounding."""
    there = [rep for rep in REPS if rep.works_on(start)]
    points = sum(_SHARES[rep.team] for rep in there)
    for rep in there:
        quota = Decimal(whole * _SHARES[rep.team] // points)
        yield {**_target(f"{id}-{rep.id}", "total_sales", "quarter", start, quota, "money"), "owner_id": rep.id}


def _others(year: int, quarter: int) -> Iterator[Row]:
    start = date(year, 3 * quarter + 1, 1)
    for kpi, (unit, by_year) in _OTHERS.items():
        yield _target(f"{kpi}-{year}-q{quarter + 1}", kpi, "quarter", start, Decimal(by_year[year]), unit)


def _goal(year: int, quarter: int) -> Iterator[Row]:
    """Give a quarter's goal of opening a showroom, and the tasks it is made of."""
    start, now = date(year, 3 * quarter + 1, 1), NOW.date()
    if start > now:
        return
    goal = f"showroom-{year}-q{quarter + 1}"
    yield _target(goal, None, "quarter", start, Decimal(1), "boolean")
    running = (now - start).days < 92
    for name, weight, tasks, reached in _PARTS:
        progress = reached if running else Decimal(1) if (year, quarter, name) != _MISSED else Decimal("0.4")
        part = _target(f"{goal}-{name}", None, "quarter", start, Decimal(tasks), "tasks")
        yield {**part, "parent_target_id": goal, "weight": Decimal(weight), "progress": progress}


def _target(id: str, kpi: str | None, grain: str, start: date, value: Decimal, unit: str) -> Row:
    return {
        "id": id,
        "kpi_id": kpi,
        "period_grain": grain,
        "period_start": start,
        "value": value,
        "unit": unit,
        "owner_id": None,
        "parent_target_id": None,
        "weight": None,
        "progress": None,
    }
