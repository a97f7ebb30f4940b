"""How good forecasts were: what one would have said at the start of each month of past quarters, and what came.

The forecast is that of stage history: what was won so far, and each open deal that was expected to
close in the quarter, by the share won of the deals that had passed its stage and were closed by then.
Nothing is looked at that was not known on that day, but for what no source told: before the first
load, amounts, owners and expected dates of closing are those of the first load.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kpicore.engine.engine import Engine
from kpicore.engine.reading.scans import Filters
from kpicore.engine.reading.sql import Binder, day, restriction
from kpicore.entities import Knowledge
from kpicore.given import count_given
from kpicore.notes import UNKNOWN_WORDS, Note
from kpicore.periods import Grain, Period, local_date

DEALS, STAGES = "opportunity", "opportunity_stage"
_PRESUMED = frozenset({Knowledge.STAGE_HISTORY, Knowledge.STAGE_ORDER})


@dataclass(frozen=True, slots=True)
class Said:
    """What the forecast of a quarter was on a day, at its beginning, and what came in the end.

    `unknown` open deals are not in it: their stage on that day, or what became of such deals, is not known;
    nor are `undated` ones, which were expected to close on no day. Of `unpriced` deals, won in the period, the
    amount is not known.
    """

    period: Period
    on: date
    won: float
    open: float
    deals: int
    unknown: int
    came: float
    undated: int = 0
    unpriced: int = 0

    @property
    def forecast(self) -> float:
        """The forecast: won and weighted open."""
        return self.won + self.open

    @property
    def error(self) -> float | None:
        """How much too high it was, as a fraction of what came; None where nothing came."""
        return (self.forecast - self.came) / self.came if self.came > 0 else None

    def record(self) -> dict[str, Any]:
        """Return it as a dict that JSON can hold."""
        return {
            "period": self.period.key,
            "on": self.on.isoformat(),
            "won": self.won,
            "weighted_open": self.open,
            "forecast": self.forecast,
            "came": self.came,
            "error": self.error,
            "open_deals": self.deals,
            "unknown": self.unknown,
        }


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Past forecasts with what came. `notes` say what was not known in the past."""

    said: tuple[Said, ...]
    notes: tuple[Note, ...]

    @property
    def mape(self) -> float | None:
        """The mean absolute error as a fraction of what came; None without any forecast."""
        return _mean([abs(each.error) for each in self.said if each.error is not None])

    @property
    def bias(self) -> float | None:
        """The mean error as a fraction of what came: above 0 when forecasts were too high."""
        return _mean([each.error for each in self.said if each.error is not None])

    def of_month(self, number: int) -> Accuracy:
        """Return the forecasts of the quarters' first, second or third month only."""
        return Accuracy(tuple(each for each in self.said if _month(each) == number), ())


def accuracy(engine: Engine, quarters: int, cuts: Filters = ()) -> Accuracy:
    """Return what the forecast said at each month's start of the last quarters that are over.

    A quarter before the first deal is left out, and so is a month on whose start no stage of a deal was known.
    """
    count_given(quarters, "the number of quarters", most=400)
    state = engine.state.entities.get(DEALS)
    if state is None or not state.rows or state.first is None:
        return Accuracy((), (Note.of("not_loaded", entity=DEALS),))
    untold = engine.preparation.presumed.untold(_PRESUMED, engine.today)
    if untold is not None:
        return Accuracy((), (untold.detail,))
    running = engine.calendar.containing(Grain.QUARTER, engine.today)
    said: list[Said] = []
    for back in range(quarters, 0, -1):
        assert running.id is not None
        period = engine.calendar.by_id(Grain.QUARTER, running.id - back)
        if period.start <= state.first:
            continue
        days = (month.start for month in engine.calendar.split(period, Grain.MONTH))
        known = (on for on in days if engine.preparation.presumed.untold(_PRESUMED, on - timedelta(days=1)) is None)
        said += [_said(engine, period, on, cuts) for on in known]
    return Accuracy(tuple(said), tuple(_notes(engine, said)))


def _said(engine: Engine, period: Period, on: date, cuts: Filters) -> Said:
    then = engine.at(on - timedelta(days=1))
    bind = Binder(then.warehouse)
    stages, deals_of = bind.relation(STAGES), bind.relation(DEALS)
    known = STAGES in then.state.entities and then.state.entities[STAGES].rows and then.state.entities[DEALS].rows
    now, start, end = (day(each, bind) for each in (on, period.start, period.end))
    kept = "".join(f" AND {each}" for each in restriction("e", (), (), cuts, bind))
    sql = f"""
        WITH share AS (
            SELECT s.stage_id, avg(CASE WHEN s.outcome = 'won' THEN 1.0 ELSE 0.0 END) AS won
            FROM {stages} AS s JOIN {deals_of} AS d ON d.id = s.opportunity_id
            WHERE s.visit = 1 AND s.way_known AND s.outcome IN ('won', 'lost') AND d.closed_on < {now}
            GROUP BY s.stage_id
        ), deal AS (SELECT * FROM {deals_of} AS e WHERE (e.created_on IS NULL OR e.created_on < {now}){kept}),
        all_open AS (
            SELECT * FROM deal
            WHERE deal.closed_on >= {now} OR (deal.closed_on IS NULL AND deal.outcome IS NOT DISTINCT FROM 'open')
        ), still_open AS (
            SELECT deal.amount, share.won AS share
            FROM all_open AS deal
            LEFT JOIN {stages} AS s ON s.opportunity_id = deal.id
                AND s.since_on < {now} AND (s.until_on IS NULL OR s.until_on >= {now})
            LEFT JOIN share ON share.stage_id = s.stage_id
            WHERE deal.expected_close_on >= {start} AND deal.expected_close_on < {end}
        )
        SELECT
            (SELECT coalesce(sum(amount), 0) FROM deal
                WHERE outcome = 'won' AND closed_on >= {start} AND closed_on < {now}),
            (SELECT coalesce(sum(amount * share), 0) FROM still_open),
            (SELECT count(*) FROM still_open),
            (SELECT count(*) FROM still_open WHERE share IS NULL OR amount IS NULL),
            (SELECT count(*) FROM all_open WHERE expected_close_on IS NULL)
    """
    ((won, weighted, deals, unknown, undated),) = then.warehouse.query(sql, bind.values) if known else [(0,) * 5]
    came, unpriced = _came(engine, period, cuts)
    return Said(period, on, float(won), float(weighted), deals, unknown, came, undated, unpriced)


def _came(engine: Engine, period: Period, cuts: Filters) -> tuple[float, int]:
    """Return the amount won in a period, and the number of deals of which it is not known."""
    bind = Binder(engine.warehouse)
    start, end = (day(each, bind) for each in (period.start, period.end))
    kept = "".join(f" AND {each}" for each in restriction("e", (), (), cuts, bind))
    sql = f"""
        SELECT coalesce(sum(e.amount), 0), count(*) FILTER (WHERE e.amount IS NULL) FROM {bind.relation(DEALS)} AS e
        WHERE e.outcome = 'won' AND e.closed_on >= {start} AND e.closed_on < {end}{kept}
    """
    ((came, unpriced),) = engine.warehouse.query(sql, bind.values)
    return float(came), int(unpriced)


def _notes(engine: Engine, said: Sequence[Said]) -> list[Note]:
    first = local_date(engine.state.first_load, engine.calendar.timezone)
    found: list[Note] = []
    if any(each.on <= first for each in said):
        found.append(Note.of("past_not_known", first=first))
    unknown = sum(each.unknown for each in said)
    if unknown:
        found.append(Note.of("forecast_without", times=unknown))
    undated = sum(each.undated for each in said)
    if undated:
        found.append(Note.of("forecast_undated", rows=undated))
    unpriced = sum(each.unpriced for each in said if each.on == each.period.start)
    if unpriced:
        found.append(Note.of("forecast_unpriced", rows=unpriced))
    found += [each for each in engine.state.entities[DEALS].notes if each.kind == UNKNOWN_WORDS]
    return [*found, *(engine.state.entities[STAGES].notes if STAGES in engine.state.entities else ())]


def _month(each: Said) -> int:
    return (each.on.month - each.period.start.month) % 12 + 1


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
