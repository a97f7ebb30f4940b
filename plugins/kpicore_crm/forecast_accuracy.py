"""How good forecasts were: what one would have said at the start of each month of past quarters, and what came.

The forecast is that of stage history: what was won so far, and each open deal that was expected to
close in the quarter, by the share won of the deals that had passed its stage and were closed by then.
Nothing is looked at that was not known on that day, but for what no source told: before the first
load, amounts, owners and expected dates of closing are those of the first load.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from kpicore import (
    UNKNOWN_WORDS,
    Grain,
    LoadedWarehouse,
    Note,
    Period,
    Tables,
    WarehouseError,
    count_given,
)
from kpicore_crm.entities.selling import DEALS, STAYS

if TYPE_CHECKING:
    from kpicore import Workspace

_PRESUMED = ("stage_history", "stage_order")
_Cuts = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class PastForecast:
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

    said: tuple[PastForecast, ...]
    notes: tuple[Note, ...]

    @property
    def mape(self) -> float | None:
        """The mean absolute error as a fraction of what came; None without any forecast."""
        return _mean([abs(past.error) for past in self.said if past.error is not None])

    @property
    def bias(self) -> float | None:
        """The mean error as a fraction of what came: above 0 when forecasts were too high."""
        return _mean([past.error for past in self.said if past.error is not None])

    def of_month(self, number: int) -> Accuracy:
        """Return the forecasts of the quarters' first, second or third month only."""
        return Accuracy(tuple(past for past in self.said if _month(past) == number), ())


def accuracy(workspace: Workspace, quarters: int = 8, where: Mapping[str, object] | None = None) -> Accuracy:
    """Return what the forecast said at each month's start of the last quarters that are over, and what came.

    A quarter before the first deal is left out, and so is a month on whose start no stage of a deal was known. Raises
    WarehouseError where the warehouse does not keep how it was before.
    """
    if not isinstance(workspace.warehouse, LoadedWarehouse):
        raise WarehouseError(
            "what a forecast said is known only where loads keep how the data was before: a warehouse of kind"
            f" '{workspace.config.warehouse_kind.kind}' does not.",
            hint="For a period to come: kpi get sales_forecast.history",
        )
    tables, cuts = workspace.tables(reading=(DEALS,)), workspace.cuts(where)
    count_given(quarters, "the number of quarters", most=400)
    state = tables.state(DEALS)
    if not state.rows or state.first is None:
        return Accuracy((), (Note.of("not_loaded", entity=DEALS),))
    unknown = tables.unknown(_PRESUMED, tables.today)
    if unknown is not None:
        return Accuracy((), (unknown,))
    running = tables.calendar.containing(Grain.QUARTER, tables.today)
    said: list[PastForecast] = []
    for back in range(quarters, 0, -1):
        assert running.id is not None
        period = tables.calendar.by_id(Grain.QUARTER, running.id - back)
        if period.start <= state.first:
            continue
        came = _came(tables, period, cuts)
        for month in tables.calendar.split(period, Grain.MONTH):
            # Tables as the evening before left them: what was known when the month began.
            before = month.start - timedelta(days=1)
            if tables.unknown(_PRESUMED, before) is None:
                said.append(_said(workspace.tables(before), period, month.start, cuts, came))
    return Accuracy(tuple(said), tuple(_notes(tables, said)))


def _said(then: Tables, period: Period, on: date, cuts: _Cuts, came: tuple[float, int]) -> PastForecast:
    bind = then.binding()
    deals, stays = bind.table(DEALS), bind.table(STAYS)
    # share: as `win_share` of stages in `entities/reference`, of deals that were closed by then alone. The rows of a
    # deal in STAYS cover its open days once each: the join finds one row a deal, and no amount counts twice
    now, start, end = (bind.day(day) for day in (on, period.start, period.end))
    kept = "".join(f" AND {cut}" for cut in bind.cuts("e", cuts))
    sql = f"""
        WITH share AS (
            SELECT s.stage_id, avg(CASE WHEN s.outcome = 'won' THEN 1.0 ELSE 0.0 END) AS won
            FROM {stays} AS s JOIN {deals} AS d ON d.id = s.opportunity_id
            WHERE s.visit = 1 AND s.way_known AND s.outcome IN ('won', 'lost') AND d.closed_on < {now}
            GROUP BY s.stage_id
        ), deal AS (SELECT * FROM {deals} AS e WHERE (e.created_on IS NULL OR e.created_on < {now}){kept}),
        all_open AS (
            SELECT * FROM deal
            WHERE deal.closed_on >= {now} OR (deal.closed_on IS NULL AND deal.outcome IS NOT DISTINCT FROM 'open')
        ), still_open AS (
            SELECT deal.amount, share.won AS share
            FROM all_open AS deal
            LEFT JOIN {stays} AS s ON s.opportunity_id = deal.id
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
    # Before the first deals were loaded there was nothing to forecast from.
    is_known = then.state(STAYS).rows and then.state(DEALS).rows
    ((won, weighted, open_deals, unknown, undated),) = then.query(sql, bind) if is_known else [(0,) * 5]
    return PastForecast(period, on, float(won), float(weighted), open_deals, unknown, came[0], undated, came[1])


def _came(tables: Tables, period: Period, cuts: _Cuts) -> tuple[float, int]:
    """Return the amount won in a period, and the number of deals of which it is not known."""
    bind = tables.binding()
    start, end = (bind.day(day) for day in (period.start, period.end))
    kept = "".join(f" AND {cut}" for cut in bind.cuts("e", cuts))
    sql = f"""
        SELECT coalesce(sum(e.amount), 0), count(*) FILTER (WHERE e.amount IS NULL) FROM {bind.table(DEALS)} AS e
        WHERE e.outcome = 'won' AND e.closed_on >= {start} AND e.closed_on < {end}{kept}
    """
    ((came, unpriced),) = tables.query(sql, bind)
    return float(came), int(unpriced)


def _notes(tables: Tables, said: Sequence[PastForecast]) -> list[Note]:
    first = tables.first_load
    notes: list[Note] = [*tables.behind]
    if any(past.on <= first for past in said):
        notes.append(Note.of("past_not_known", first=first))
    unknown = sum(past.unknown for past in said)
    if unknown:
        notes.append(Note.of("forecast_without", times=unknown))
    undated = sum(past.undated for past in said)
    if undated:
        notes.append(Note.of("forecast_undated", rows=undated))
    # Each month of a quarter has the same deals that came: they are counted in its first one.
    unpriced = sum(past.unpriced for past in said if past.on == past.period.start)
    if unpriced:
        notes.append(Note.of("forecast_unpriced", rows=unpriced))
    notes += [note for note in tables.state(DEALS).notes if note.kind == UNKNOWN_WORDS]
    return [*notes, *tables.state(STAYS).notes]


def _month(past: PastForecast) -> int:
    return (past.on.month - past.period.start.month) % 12 + 1


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
