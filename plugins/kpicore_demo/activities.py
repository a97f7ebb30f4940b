"""What the reps did all day: calls, mails, meetings and the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from kpicore_demo.chance import Chance, by_day, working_day
from kpicore_demo.company import NOW, REPS, STAGE_IDS, keeper
from kpicore_demo.deals import Deal, Visit
from kpicore_demo.leads import Lead, days

Row = dict[str, Any]

_BY_STAGE = (
    {"call": 6, "email": 4},
    {"call": 4, "email": 3, "meeting": 4},
    {"demo": 7, "email": 2, "visit": 2},
    {"proposal": 7, "follow_up": 5, "call": 2},
    {"follow_up": 4, "call": 3, "meeting": 3, "email": 2},
)
_MINUTES = {
    "call": 14,
    "email": 8,
    "meeting": 52,
    "follow_up": 10,
    "demo": 65,
    "proposal": 80,
    "event": 300,
    "social": 20,
    "visit": 95,
}
_TIME = {"meeting": "customer_meeting", "demo": "customer_meeting", "visit": "customer_meeting", "event": "other"}
_TASKS = ("Check the budget", "List the needs", "Book the demonstration", "Send the proposal", "Agree on terms")


def activities(chance: Chance, leads: Iterable[Lead], deals: Iterable[Deal]) -> list[Row]:
    """Return everything the reps did, in order of time."""
    rows = [row for lead in leads for row in _on_lead(chance, lead)]
    rows += [row for deal in deals for visit in deal.visits for row in _in_stage(chance, deal, visit)]
    rows += list(_beside(chance))
    rows = [row for row in rows if row["at"] <= NOW]
    rows.sort(key=lambda row: row["at"])
    for number, row in enumerate(rows, 1):
        row["id"] = f"T{number:05d}"
    return rows


def _on_lead(chance: Chance, lead: Lead) -> Iterator[Row]:
    """Give the first answer and what came after it; a lead that nobody answered has none."""
    if lead.first_response_at is None:
        return
    kind = "call" if lead.channel == "Phone" else "email"
    yield _for_lead(chance, kind, lead, lead.first_response_at)
    if lead.mql_at and chance.hits(0.7):
        yield _for_lead(chance, "call", lead, lead.mql_at + timedelta(minutes=30))
    if lead.sql_at:
        yield _for_lead(chance, "meeting", lead, lead.sql_at)


def _for_lead(chance: Chance, kind: str, lead: Lead, at: datetime) -> Row:
    return _activity(chance, kind, keeper(lead.rep.id, at.date()), at, lead=lead.id)


def _in_stage(chance: Chance, deal: Deal, visit: Visit) -> Iterator[Row]:
    end = visit.left_at or NOW
    stay = max(1, (end - visit.entered_at).days)
    for _ in range(min(6, 1 + stay // 9)):
        day = working_day((visit.entered_at + timedelta(days=chance.whole(0, stay))).date())
        at = max(chance.at_work(day), visit.entered_at)
        if at <= (deal.closed_at or NOW):
            kind = chance.weighted(_BY_STAGE[visit.stage])
            yield _activity(chance, kind, keeper(deal.rep.id, at.date()), at, deal=deal.id, customer=deal.customer.id)


def _beside(chance: Chance) -> Iterator[Row]:
    """Give what no single deal asked for: paperwork, social networks, fairs."""
    for day in days():
        if day.weekday() > 4:
            continue
        for rep in REPS:
            if not rep.works_on(day):
                continue
            if chance.hits(0.28):
                yield _activity(chance, "social", rep.id, chance.at_work(day), time_category="prospecting")
            if chance.hits(0.22):
                yield _activity(chance, "call", rep.id, chance.at_work(day), time_category="prospecting")
            if chance.hits(0.12):
                yield _activity(chance, "email", rep.id, chance.at_work(day), time_category="admin")
            if chance.hits(0.012):
                yield _activity(chance, "event", rep.id, chance.at_work(day))


def _activity(
    chance: Chance,
    kind: str,
    owner: str,
    at: datetime,
    *,
    lead: str | None = None,
    deal: str | None = None,
    customer: str | None = None,
    time_category: str = "",
) -> Row:
    minutes = int(chance.around(_MINUTES[kind], _MINUTES[kind] * 0.6))
    happened = not (kind in ("meeting", "demo", "visit") and chance.hits(0.08))
    return {
        "id": "",
        "type": kind,
        "owner_id": owner,
        "at": at,
        "duration_min": Decimal(minutes),
        "status": "held" if happened else "scheduled",
        "lead_id": lead,
        "opportunity_id": deal,
        "customer_id": customer,
        "time_category": time_category or _TIME.get(kind, "prospecting" if lead else "other"),
    }


def stage_tasks(chance: Chance, deals: Iterable[Deal]) -> list[Row]:
    """Return the one task of each stage a deal was in: mostly done, sometimes late, sometimes not at all."""
    rows: list[Row] = []
    for deal in deals:
        for visit in {stay.stage: stay for stay in deal.visits}.values():
            due = (visit.entered_at + timedelta(days=5)).date()
            done = by_day(visit.entered_at + timedelta(hours=chance.waiting(80)))
            by = min(visit.left_at or NOW, NOW)
            rows.append(
                {
                    "opportunity_id": deal.id,
                    "stage_id": STAGE_IDS[visit.stage],
                    "task": _TASKS[visit.stage],
                    "due_on": due,
                    "done_at": done if done <= by and chance.hits(0.88) else None,
                    "owner_id": deal.owner,
                }
            )
    return rows
