"""Companies made by dice, whose KPIs are counted a second time without anything of the engine."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from kpicore import NO_DATA, NOT_LOADED, Answer, KpiError, Plugins, Question, Workspace, load_plugins
from tests.engine.worlds import config_of, load_tables
from tests.loops import loop
from tests.recount.books import Books, Span
from tests.recount.edges import edgy_company, written
from tests.recount.kpis import COUNTS
from tests.recount.recount import Recount

GRAINS = {"month": 1, "quarter": 3, "year": 12}
UNITS = {"month": (24290, 24305), "quarter": (8096, 8101), "year": (2024, 2025)}
"""First and last unit that is asked for, counted from the year 0: March 2024 to June 2025, six quarters, two years."""
PACED = (
    *("sales_growth", "monthly_sales_growth", "required_", "cac.lag", "sales_forecast.run_rate"),
    *("purchase_frequency", "ltv.formula", "customer_lifespan.from_churn"),
)
"""KPIs that reckon with how much of a period in progress has gone by: compared for periods that are over."""


@dataclass(frozen=True)
class Setting:
    """How a company is set up: where it is, how it tells who is active, and what day it is."""

    seed: int
    gaps: float
    zone: str
    rule: str
    idle: int
    today: date


DAYS = (date(2025, 7, 15), date(2025, 5, 20))
"""The days of the data, in turns: of the later one most rows have happened, of the earlier one many lie ahead."""


def setting(chance: Random, today: date) -> Setting:
    zones = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata")
    rules = ("inactivity", "contract", "subscription")
    return Setting(
        chance.randrange(10**6),
        chance.choice((0.0, 0.05, 0.2)),
        chance.choice(zones),
        chance.choice(rules),
        chance.choice((30, 90, 365)),
        today,
    )


def span(grain: str, number: int) -> Span:
    """Return the unit of a grain with that number, counted from the year 0."""
    months = GRAINS[grain]
    first, after = number * months, (number + 1) * months
    return Span(date(first // 12, first % 12 + 1, 1), date(after // 12, after % 12 + 1, 1), months / 12)


def earlier(grain: str, number: int) -> Callable[[str], Span]:
    def of(step: str) -> Span:
        if step == "3 months":
            months = GRAINS[grain]
            first = number * months - 3
            after = first + months
            return Span(date(first // 12, first % 12 + 1, 1), date(after // 12, after % 12 + 1, 1), months / 12)
        return span(grain, number - (1 if step == "previous" else 12 // GRAINS[grain]))

    return of


def key(grain: str, number: int) -> str:
    units = 12 // GRAINS[grain]
    year, place = divmod(number, units)
    return {"month": f"{year}-{place + 1:02}", "quarter": f"{year}-Q{place + 1}", "year": str(year)}[grain]


@loop("companies made by dice, every KPI of them counted a second time", ci=2, soak=50)
def test_every_kpi_is_what_its_rows_come_to(
    rounds: int, chance: Random, record_property: Callable[[str, object], None]
) -> None:
    packs, tried, differ = load_plugins(()), 0, []
    for number in range(rounds):
        made = setting(chance, DAYS[number % len(DAYS)])
        with tempfile.TemporaryDirectory() as folder:
            for asked, mine, answer in compared(made, Path(folder), packs):
                tried += 1
                if not agrees(mine, answer):
                    differ.append((asked, mine, answer.value, answer.reason, made))
    record_property("tried", tried)
    assert differ == [], "\n".join(map(str, {each[0][0]: each for each in reversed(differ)}.values()))


def agrees(mine: float | None, answer: Answer) -> bool:
    """Whether both came to the same. Of days that were not loaded, and fields that no row has, nothing is known."""
    if answer.reason == NO_DATA and answer.detail is not None:
        first, last = answer.detail.value("first"), answer.detail.value("last")
        looked_at = (answer.question.period, *answer.earlier.values())
        return not mine or any(each.end <= first or each.start > last for each in looked_at)
    if answer.reason == NOT_LOADED:
        return not mine
    if answer.value is None or mine is None:
        return answer.value is None and mine is None
    return bool(answer.value == pytest.approx(mine, rel=1e-9, abs=1e-7))


Compared = tuple[tuple[str, str, str], float | None, Answer]


def compared(made: Setting, folder: Path, packs: Plugins) -> Iterator[Compared]:
    rows = edgy_company(made.seed, made.gaps)
    books = Books(edgy_company(made.seed, made.gaps), made.zone, made.today, made.rule, made.idle)
    settings = {"active_rule": made.rule, "inactivity_days": made.idle, "qualified_stage": 2}
    config = config_of(folder / "made", settings=settings, timezone=made.zone)
    noon = datetime.combine(made.today, time(12), tzinfo=ZoneInfo(made.zone))
    load_tables(config, written(rows), at=noon)
    with Workspace(config, packs) as of:
        for by in ("", "rep", "segment", "competitor", "loss_reason", "channel", "source"):
            for grain in GRAINS:
                yield from _series(of, books, by, grain)


def _series(of: Workspace, books: Books, by: str, grain: str) -> Iterator[Compared]:
    """Compare all KPIs that go by a dimension, for every unit of a grain."""
    first, last = UNITS[grain]
    kpis = [kpi for kpi in COUNTS if _goes_by(of, kpi, by, key(grain, first))]
    if not kpis:
        return
    whole = of.calendar.between(span(grain, first).start, span(grain, last).last)
    for answer in of.get(kpis, whole, grain=grain, by=by or ()).answers:
        id, variant, period = answer.question.metric, answer.question.variant, answer.question.period
        kpi = id if variant == "default" else f"{id}.{variant}"
        number = period.start.year * 12 + period.start.month - 1
        seen = span(grain, number // GRAINS[grain])
        if seen.start > books.today or (seen.last > books.today and kpi.startswith(PACED)):
            continue
        cut = (by, answer.question.cuts[0][1][0]) if by else None
        mine = COUNTS[kpi](Recount(books, seen, cut, earlier(grain, number // GRAINS[grain])))
        yield (kpi, period.key, str(cut)), None if mine is None else float(mine), answer


def _goes_by(of: Workspace, kpi: str, by: str, period: str) -> bool:
    """Whether a KPI can be asked by a dimension; by those that few have only where they need them."""
    id, variant = of.definitions.named(kpi)
    needed = of.definitions.get(id, variant).spec.needs_cut
    if (needed and needed != (by,)) or (not needed and by not in ("", "rep", "segment")):
        return False
    try:
        of.engine.check(Question(id, variant, of.period(period)), (by,) if by else ())
    except KpiError:
        return False
    return True
