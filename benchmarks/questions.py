"""The cells that are asked: a realistic workbook, and random ones as a stress."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random
from typing import TYPE_CHECKING

from benchmarks.company import PRODUCTS

if TYPE_CHECKING:
    from kpicore.model.questions import Question
    from kpicore.workspace import Workspace

Asked = tuple[str, str, str, str]
"""KPI, period, dimension and member, as a person would type them into a cell."""

WORKBOOK_KPIS = ("win_rate", "total_sales", "won_deals", "avg_deal_size", "lost_deals", "opportunities_created")
ADDITIVE = ("won_deals", "total_sales", "lost_deals", "lost_amount", "opportunities_created", "revenue")
NOT_ADDITIVE = ("sales_cycle.median", "avg_sales_per_customer")
"""A median of days, and an amount by the number of different customers."""

_LISTED = {
    "team": tuple(f"Team {letter}" for letter in "ABCDEFGHIJKL"),
    "region": ("North", "South", "East", "West", "Overseas"),
    "product": tuple(f"Product {number}" for number in range(1, PRODUCTS + 1)),
}


def chosen(kind: str, reps: Iterable[str]) -> list[Asked]:
    """Return the cells of a kind: "workbook", "additive" (5,000 random ones) or "mixed" (with medians and counts)."""
    if kind == "workbook":
        return workbook(reps)
    return random_cells(ADDITIVE if kind == "additive" else ADDITIVE + NOT_ADDITIVE, reps)


def workbook(reps: Iterable[str]) -> list[Asked]:
    """Return six KPIs for 200 reps and the last four months."""
    return [
        (kpi, month, "rep", rep)
        for kpi in WORKBOOK_KPIS
        for rep in sorted(reps)[:200]
        for month in ("2025-09", "2025-10", "2025-11", "2025-12")
    ]


def random_cells(kpis: tuple[str, ...], reps: Iterable[str], number: int = 5_000, seed: int = 1) -> list[Asked]:
    """Return cells of a random KPI, a month, quarter or year, and a rep, team, region or product."""
    chance = Random(seed)
    members = {"rep": tuple(sorted(reps)), **_LISTED}
    return list(_cells(chance, kpis, members, number))


def _cells(chance: Random, kpis: tuple[str, ...], members: dict[str, tuple[str, ...]], number: int) -> Iterator[Asked]:
    for _ in range(number):
        kpi = chance.choice(kpis)
        dimension = chance.choice(list(members))
        year = chance.randint(2021, 2025)
        months, quarters = f"{year}-{chance.randint(1, 12):02}", f"{year}-Q{chance.randint(1, 4)}"
        yield kpi, chance.choice((months, quarters, str(year))), dimension, chance.choice(members[dimension])


def asked(workspace: Workspace, cells: Iterable[Asked]) -> list[Question]:
    """Return the questions that cells ask; equal periods and cuts are read once, as a surface does."""
    from kpicore.model.questions import Question

    named, periods, cuts = {}, {}, {}
    questions = []
    for kpi, period, dimension, member in cells:
        if kpi not in named:
            named[kpi] = workspace.definitions.named(kpi)
        if period not in periods:
            periods[period] = workspace.period(period)
        if (dimension, member) not in cuts:
            cuts[dimension, member] = workspace.cuts({dimension: member})
        questions.append(Question(*named[kpi], periods[period], cuts[dimension, member]))
    return questions
