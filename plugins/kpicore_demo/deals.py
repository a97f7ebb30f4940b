"""Opportunities: how a deal walks through the stages, and where it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kpicore_demo.baskets import NEW, Basket, BasketLine, in_currency
from kpicore_demo.chance import Chance, by_day, working_day
from kpicore_demo.company import COMPETITORS, CURRENCY, NOW, REPS, STAGES, Rep, keeper, rate_on
from kpicore_demo.customers import Customer

WON, LOST, OPEN = "won", "lost", "open"
PROPOSAL, NEGOTIATION = 3, 4

_DWELL_DAYS = (9.0, 13.0, 12.0, 16.0, 13.0)
_LOST_HERE = (0.23, 0.19, 0.16, 0.17, 0.15)
_CURRENCIES = {"Ireland": "EUR", "United Kingdom": "GBP"}
_PACE = {"field": 1.25, "inside": 0.95, "online": 0.65}
_SIZE_PACE = {"small": 0.85, "medium": 1.1, "large": 1.5}
_HARD_TIMES = (date(2025, 6, 20), date(2025, 9, 25))
# Budgets are spent before the year ends, and nobody decides in August.
_LOST_IN_MONTH = {1: 1.05, 7: 1.1, 8: 1.25, 11: 0.75, 12: 0.7}
_REASONS_WITH_COMPETITOR = {"competitor": 5, "price": 4, "features": 2, "no_answer": 1}
_REASONS = {"price": 4, "no_budget": 3, "no_answer": 4, "timing": 3, "features": 1}


@dataclass(slots=True)
class Visit:
    """A stay in a stage. `exit` is "to_stage", "won", "lost", or None while the deal is there."""

    stage: int
    entered_at: datetime
    left_at: datetime | None = None
    exit: str | None = None


@dataclass(slots=True)
class Deal:
    """An opportunity with its history."""

    customer: Customer
    rep: Rep
    kind: str
    channel: str
    source: str
    created_at: datetime
    first_contact_at: datetime | None
    basket: Basket
    competitor: str | None
    visits: list[Visit]
    outcome: str = OPEN
    closed_at: datetime | None = None
    loss_reason: str | None = None
    lead_id: str | None = None
    id: str = ""

    @property
    def owner(self) -> str:
        """Whose deal it is today: who leaves hands the deals that are still open to a colleague."""
        return keeper(self.rep.id, (self.closed_at or NOW).date())


def rep_for(chance: Chance, day: date, region: str, team: str) -> Rep:
    """Return who takes new business of a region on a day; the online team serves every region."""
    there = [rep for rep in REPS if rep.works_on(day) and rep.team == team]
    near = [rep for rep in there if rep.region == region or team == "online"]
    return chance.pick(near or there)


def deal(
    chance: Chance,
    customer: Customer,
    rep: Rep,
    created_at: datetime,
    lines: tuple[BasketLine, ...],
    *,
    kind: str,
    channel: str,
    source: str,
    luck: float,
) -> Deal:
    """Return a deal as it stands now. `luck` above 1 makes every stage safer."""
    competitor = chance.pick(tuple(COMPETITORS)) if kind == NEW and chance.hits(0.45) else None
    pace = _PACE[rep.team] * _SIZE_PACE[customer.segment] * (1.0 if kind == NEW else 0.55)
    opportunity = Deal(
        customer=customer,
        rep=rep,
        kind=kind,
        channel=channel,
        source=source,
        created_at=created_at,
        first_contact_at=None if chance.hits(0.06) else by_day(created_at - timedelta(hours=chance.waiting(60))),
        basket=_priced(lines, customer.country, created_at.date()),
        competitor=competitor,
        visits=[],
    )
    # A competitor makes every stage more dangerous, skill and luck less.
    danger = (0.9 if competitor is None else 1.15) / (luck * rep.skill)
    _walk(chance, opportunity, _path(chance), danger, pace)
    if opportunity.outcome == LOST:
        opportunity.loss_reason = _loss_reason(chance, competitor)
    return opportunity


def _priced(lines: tuple[BasketLine, ...], country: str, day: date) -> Basket:
    currency = _CURRENCIES.get(country, CURRENCY)
    return Basket(lines) if currency == CURRENCY else in_currency(lines, currency, rate_on(currency, day))


def _path(chance: Chance) -> Sequence[int]:
    """Return the stages a deal would pass if it lived: some are skipped, some entered twice."""
    path = [0] + [stage for stage in range(1, len(STAGES)) if not chance.hits(0.07)]
    if path[-1] == NEGOTIATION and chance.hits(0.08):
        path += [PROPOSAL, NEGOTIATION]
    return path


def _walk(chance: Chance, opportunity: Deal, path: Sequence[int], danger: float, pace: float) -> None:
    moment = opportunity.created_at
    for place, stage in enumerate(path):
        visit = Visit(stage, moment)
        opportunity.visits.append(visit)
        moment = _later(chance, moment, chance.waiting(_DWELL_DAYS[stage] * pace))
        if moment > NOW:
            return
        visit.left_at = moment
        if chance.hits(min(0.9, _LOST_HERE[stage] * danger * _hardness(moment.date()))):
            visit.exit = opportunity.outcome = LOST
        elif place == len(path) - 1:
            visit.exit = opportunity.outcome = WON
        else:
            visit.exit = "to_stage"
            continue
        opportunity.closed_at = moment
        return


def _hardness(day: date) -> float:
    times = 1.7 if _HARD_TIMES[0] <= day <= _HARD_TIMES[1] else 1.0
    return times * _LOST_IN_MONTH.get(day.month, 1.0)


def _later(chance: Chance, moment: datetime, days: float) -> datetime:
    day = working_day((moment + timedelta(days=days)).date())
    return max(chance.at_work(day), moment + timedelta(minutes=chance.whole(20, 90)))


def _loss_reason(chance: Chance, competitor: str | None) -> str | None:
    if chance.hits(0.08):
        return None
    return chance.weighted(_REASONS_WITH_COMPETITOR if competitor else _REASONS)
