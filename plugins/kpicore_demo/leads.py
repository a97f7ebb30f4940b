"""Leads: where they come from, who answers and when, and which become deals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from kpicore_demo.baskets import NEW, first_basket
from kpicore_demo.chance import Chance, by_day, working_day
from kpicore_demo.company import CAMPAIGNS, CHANNEL_LUCK, CHANNELS, FIRST_DAY, NOW, REGIONS, SEASON, SOURCES, Rep
from kpicore_demo.customers import CustomerBook
from kpicore_demo.deals import WON, Deal, deal, rep_for

_A_DAY = 2.35
_GROWTH_A_YEAR = 0.17
_RESPONSE_MINUTES = {"Phone": 12, "Web": 70, "Email": 160, "WhatsApp": 25, "Instagram": 420}
_TEAMS = {
    "Phone": {"field": 6, "inside": 4},
    "Web": {"field": 2, "inside": 4, "online": 4},
    "Email": {"field": 4, "inside": 5, "online": 1},
    "WhatsApp": {"inside": 5, "online": 5},
    "Instagram": {"online": 8, "inside": 2},
}
_SHARE_MQL, _SHARE_SQL, _SHARE_DEAL = 0.60, 0.62, 0.85


@dataclass(slots=True)
class Lead:
    """Somebody who showed interest, and how far it went."""

    id: str
    created_at: datetime
    channel: str
    source: str
    region: str
    rep: Rep
    score: int
    first_response_at: datetime | None
    mql_at: datetime | None = None
    sql_at: datetime | None = None
    disqualified: bool = False
    deal: Deal | None = None

    @property
    def response_business_minutes(self) -> int | None:
        """Working minutes until the first answer."""
        return None if self.first_response_at is None else working_minutes(self.created_at, self.first_response_at)

    @property
    def campaign(self) -> str | None:
        """The campaign that brought it, if one did."""
        return CAMPAIGNS.get(self.source)

    @property
    def lifecycle(self) -> str:
        """How far it has come."""
        if self.deal is not None:
            return "customer" if self.deal.outcome == WON else "opportunity"
        if self.disqualified:
            return "disqualified"
        return "sql" if self.sql_at else "mql" if self.mql_at else "raw"


def working_minutes(start: datetime, end: datetime) -> int:
    """Return the minutes between two moments that fall on Monday to Friday, eight to six.

    >>> working_minutes(datetime(2026, 9, 18, 17, 30), datetime(2026, 9, 21, 9, 0))
    90
    """
    minutes, day = 0, start.date()
    while day <= end.date():
        opens, closes = datetime.combine(day, time(8)), datetime.combine(day, time(18))
        if day.weekday() < 5:
            minutes += max(0, int((min(end, closes) - max(start, opens)).total_seconds())) // 60
        day += timedelta(days=1)
    return minutes


def demand(day: date) -> float:
    """Return how much busier a day is than an average one of the first year."""
    years = (day - FIRST_DAY).days / 365.25
    return SEASON[day.month - 1] * (1 + _GROWTH_A_YEAR * years) * (0.45 if day.weekday() > 4 else 1.22)


def days() -> Iterator[date]:
    """Give every day of the story."""
    day = FIRST_DAY
    while day <= NOW.date():
        yield day
        day += timedelta(days=1)


def leads(chance: Chance, book: CustomerBook) -> list[Lead]:
    """Return all leads in order of time; those that went so far carry their deal with a new customer."""
    so_far: list[Lead] = []
    for day in days():
        moments = sorted(chance.awake(day) for _ in range(chance.rounded(_A_DAY * demand(day))))
        for moment in moments:
            if moment <= NOW:
                so_far.append(_lead(chance.own(), book, f"L{len(so_far) + 1:05d}", moment))
    return so_far


def _lead(chance: Chance, book: CustomerBook, id: str, moment: datetime) -> Lead:
    channel = chance.weighted(CHANNELS)
    region = chance.weighted({name: 3 if name == "north" else 2 for name in REGIONS})
    luck = CHANNEL_LUCK[channel]
    lead = Lead(
        id=id,
        created_at=moment,
        channel=channel,
        source=chance.weighted(SOURCES[channel]),
        region=region,
        rep=rep_for(chance, moment.date(), region, chance.weighted(_TEAMS[channel])),
        score=int(min(100, max(1, chance.around(38 + 18 * luck, 34)))),
        first_response_at=_past(by_day(moment + timedelta(minutes=2 + chance.waiting(_RESPONSE_MINUTES[channel])))),
    )
    if chance.hits(0.04):
        lead.first_response_at = None
    _qualify(chance, book, lead, luck)
    return lead


def _qualify(chance: Chance, book: CustomerBook, lead: Lead, luck: float) -> None:
    """Carry a lead as far as it goes, or as far as it could get until now."""
    if not chance.hits(_SHARE_MQL * min(1.2, 0.5 + luck / 2)):
        lead.disqualified = chance.hits(0.6)
        return
    lead.mql_at = _at_desk(lead.created_at + timedelta(hours=1 + chance.waiting(40)))
    if lead.mql_at is None or not chance.hits(_SHARE_SQL * min(1.15, 0.4 + luck * 0.6)):
        lead.disqualified = chance.hits(0.3)
        return
    lead.sql_at = _at_desk(lead.mql_at + timedelta(hours=2 + chance.waiting(110)))
    if lead.sql_at is None or not chance.hits(_SHARE_DEAL):
        return
    opened = _at_desk(lead.sql_at + timedelta(hours=1 + chance.waiting(50)))
    if opened is not None:
        lead.deal = _first_deal(chance, book, lead, opened, luck)


def _first_deal(chance: Chance, book: CustomerBook, lead: Lead, opened: datetime, luck: float) -> Deal:
    customer = book.business(lead.created_at, lead.region, lead.rep, lead.channel)
    opportunity = deal(
        chance,
        customer,
        lead.rep,
        opened,
        first_basket(chance, customer.segment, opened.date()),
        kind=NEW,
        channel=lead.channel,
        source=lead.source,
        luck=luck,
    )
    # The first talk on the deal is the one in which the lead was answered.
    opportunity.lead_id, opportunity.first_contact_at = lead.id, lead.first_response_at
    if opportunity.outcome == WON:
        customer.customer_since = opportunity.closed_at
    return opportunity


def _past(moment: datetime) -> datetime | None:
    """Return the moment, in whole seconds, or None if it has not come yet."""
    return moment.replace(microsecond=0) if moment <= NOW else None


def _at_desk(moment: datetime) -> datetime | None:
    """Return the moment, or the same minute of the next morning when nobody works then; None if still to come."""
    day = moment.date() if moment.hour < 18 else moment.date() + timedelta(days=1)
    if working_day(day) != moment.date() or moment.hour < 8:
        moment = datetime.combine(working_day(day), time(8, moment.minute, moment.second))
    return _past(moment)
