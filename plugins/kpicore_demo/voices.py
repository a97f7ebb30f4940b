"""What customers say and do that is not buying: surveys, inquiries, referrals, opened mails, likes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from kpicore_demo.chance import Chance, by_day, working_day
from kpicore_demo.company import FIRST_DAY, NOW, PARTNERS, keeper
from kpicore_demo.costs import months
from kpicore_demo.customers import Customer
from kpicore_demo.leads import Lead, days

Row = dict[str, Any]

_NPS = {10: 30, 9: 24, 8: 17, 7: 11, 6: 6, 5: 4, 4: 3, 3: 2, 2: 1, 1: 1, 0: 1}
# The price rise was not liked, and it took half a year to be forgiven.
_NPS_AFTER_THE_RISE = {10: 18, 9: 19, 8: 21, 7: 14, 6: 9, 5: 7, 4: 5, 3: 3, 2: 2, 1: 1, 0: 1}
_SULKING = (date(2025, 3, 1), date(2025, 9, 1))
_CSAT = {5: 46, 4: 33, 3: 12, 2: 6, 1: 3}
_INQUIRIES_A_DAY = 1.15
_INQUIRY_CHANNELS = {"phone": 35, "email": 45, "live_chat": 20}
_REPLY_MINUTES = {"phone": 6, "email": 190, "live_chat": 3}
_SOCIAL = {
    "instagram": {"like": 90, "comment": 12, "share": 7, "dm": 9},
    "linkedin": {"like": 26, "comment": 5, "share": 4, "dm": 2},
}


class Active:
    """Who is a customer, looked up once a month."""

    def __init__(self, customers: list[Customer]) -> None:
        self._all = customers
        self._months: dict[date, list[Customer]] = {}

    def on(self, day: date) -> list[Customer]:
        """Return those who were customers at the beginning of the day's month."""
        first = day.replace(day=1)
        if first not in self._months:
            self._months[first] = [customer for customer in self._all if customer.buys_on(first)]
        return self._months[first]


def inquiries(chance: Chance, active: Active) -> list[Row]:
    """Return the questions that customers asked."""
    rows: list[Row] = []
    for day in (day for day in days() if day.weekday() < 5):
        for _ in range(chance.rounded(_INQUIRIES_A_DAY)):
            who, channel = chance.pick(active.on(day)), chance.weighted(_INQUIRY_CHANNELS)
            received = chance.at_work(day)
            replied = by_day(received + timedelta(minutes=1 + chance.waiting(_REPLY_MINUTES[channel])))
            if received > NOW:
                continue
            rows.append(
                {
                    "id": f"Q{len(rows) + 1:05d}",
                    "customer_id": who.id,
                    "channel": channel,
                    "owner_id": keeper(who.owner, day),
                    "received_at": received,
                    "first_reply_at": replied if replied <= NOW and chance.hits(0.97) else None,
                }
            )
    return rows


def surveys(chance: Chance, active: Active, inquiries: Iterable[Row]) -> list[Row]:
    """Return the answers: how likely to recommend us, asked every quarter; how satisfied, asked after an inquiry."""
    rows: list[Row] = []
    for month in months():
        if month.month % 3 != 2:
            continue
        for customer in active.on(month):
            if chance.hits(0.14):
                sulking = _SULKING[0] <= month < _SULKING[1]
                score = chance.weighted(_NPS_AFTER_THE_RISE if sulking else _NPS)
                day = working_day(month + timedelta(days=chance.whole(3, 24)))
                rows.append(_answer(customer.id, "nps", score, 10, chance.awake(day), customer.channel))
    for inquiry in inquiries:
        if inquiry["first_reply_at"] and chance.hits(0.3):
            at = inquiry["first_reply_at"] + timedelta(minutes=chance.whole(5, 300))
            rows.append(_answer(inquiry["customer_id"], "csat", chance.weighted(_CSAT), 5, at, inquiry["channel"]))
    rows = sorted((row for row in rows if row["answered_at"] <= NOW), key=lambda row: row["answered_at"])
    for number, row in enumerate(rows, 1):
        row["id"] = f"V{number:05d}"
    return rows


def _answer(customer: str, kind: str, score: int, most: int, at: datetime, channel: str) -> Row:
    return {
        "id": "",
        "customer_id": customer,
        "type": kind,
        "score": Decimal(score),
        "scale_max": Decimal(most),
        "answered_at": at,
        "channel": channel,
    }


def referrals(chance: Chance, leads: Iterable[Lead], active: Active) -> list[Row]:
    """Return one referral for each lead that a customer or partner sent, and name the customer on who came."""
    rows: list[Row] = []
    for lead in leads:
        if lead.source != "Referral":
            continue
        by = chance.pick(active.on(lead.created_at.date()))
        partner = chance.pick(tuple(PARTNERS)) if chance.hits(0.18) else None
        if lead.deal and not partner:
            lead.deal.customer.referred_by = by.id
        rows.append(
            {
                "id": f"R{len(rows) + 1:04d}",
                "referred_by_customer_id": None if partner else by.id,
                "partner_id": partner,
                "referred_lead_id": lead.id,
                "at": lead.created_at,
                "owner_id": lead.rep.id,
            }
        )
    return rows


def email_sends(chance: Chance, active: Active) -> list[Row]:
    """Return the newsletter, which every month goes to some of the customers."""
    rows: list[Row] = []
    for month in months():
        day = working_day(month + timedelta(days=11))
        sent = datetime.combine(day, time(9, 30))
        for customer in active.on(month):
            if sent > NOW or not chance.hits(0.2):
                continue
            delivered = chance.hits(0.975)
            opened = by_day(sent + timedelta(minutes=2 + chance.waiting(600)))
            rows.append(
                {
                    "id": f"M{len(rows) + 1:05d}",
                    "campaign_id": "newsletter",
                    "customer_id": customer.id,
                    "owner_id": keeper(customer.owner, day),
                    "sent_at": sent,
                    "delivered": delivered,
                    "opened_at": opened if delivered and opened <= NOW and chance.hits(0.34) else None,
                }
            )
    return rows


def social_events(chance: Chance) -> list[Row]:
    """Return the reactions on the posts of each week."""
    rows: list[Row] = []
    day = FIRST_DAY + timedelta(days=1)
    while day < NOW.date():
        for platform, kinds in _SOCIAL.items():
            owner = chance.pick(("hugo.penn", "iris.calder")) if platform == "instagram" else "ada.brook"
            for kind, usual in kinds.items():
                rows.append(
                    {
                        "id": f"E{len(rows) + 1:05d}",
                        "owner_id": owner,
                        "platform": platform,
                        "kind": kind,
                        "at": datetime.combine(day, time(20)),
                        "count": int(chance.around(usual, usual * 0.5)),
                    }
                )
        day += timedelta(days=7)
    return rows
