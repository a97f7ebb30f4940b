"""A company made by dice: every entity that the KPIs read, with gaps, returns, ties and ends at every edge."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

FIRST, LAST = date(2024, 1, 1), date(2025, 6, 30)
CUSTOMERS, USERS, DEALS = 14, 4, 40
_DAYS = (LAST - FIRST).days


class Dice:
    """Random values as the text tables want them: `-` for none."""

    def __init__(self, seed: int) -> None:
        self.of = random.Random(seed)

    def pick(self, *from_: object) -> object:
        return self.of.choice(from_)

    def some(self, prefix: str, count: int) -> str:
        """Give one of so many ids, or none."""
        return f"{prefix}{self.of.randint(1, count)}" if self.of.random() < 0.85 else "-"

    def day(self, since: date = FIRST) -> date:
        """Give a day up to the last one; the ends of months come often, where periods begin and end."""
        day = since + timedelta(days=self.of.randint(0, max((LAST - since).days, 0)))
        if self.of.random() < 0.3:
            day = max(day.replace(day=1) - timedelta(days=self.of.randint(0, 1)), since)
        return day

    def later(self, since: date, chance: float) -> date | str:
        """Give a later day, the same one at times, or none."""
        return self.day(since) if self.of.random() < chance else "-"

    def amount(self) -> int:
        return self.of.choice([0, 1, 50, self.of.randint(1, 900), self.of.randint(1000, 9000)])


def random_company(seed: int) -> dict[str, str]:
    """Return the text tables of a company; the same ones for the same seed."""
    dice = Dice(seed)
    return {**_reference(dice), **_selling(dice), **_buying(dice), **_marketing(dice)}


def _table(header: str, count: int, row: Callable[[int], Iterable[object]]) -> str:
    return "\n".join([header, *(" ".join(map(str, row(number))) for number in range(1, count + 1))])


def _reference(dice: Dice) -> Mapping[str, str]:
    return {
        "team": "id name region_id\nt1 North r1\nt2 South r2",
        "user": _table(
            "id name team_id active_from active_to",
            USERS,
            lambda n: (f"u{n}", f"Rep{n}", dice.some("t", 2), "2023-01-01", dice.later(FIRST, 0.3)),
        ),
        "customer": _table(
            "id name segment industry business_type owner_id acquired_channel expected_value",
            CUSTOMERS,
            lambda n: (
                *(f"c{n}", f"Firm{n}", dice.pick("small", "large", "-"), dice.pick("retail", "banking")),
                *(dice.pick("b2b", "b2c"), dice.some("u", USERS), dice.pick("web", "phone", "-"), dice.amount()),
            ),
        ),
        "stage": """
            id name    position probability outcome
            s1 Qualify 1        0.2         open
            s2 Offer   2        0.5         open
            s3 Sign    3        0.8         open
            s4 Won     4        1           won
            s5 Lost    -        0           lost
        """,
        "loss_reason": "id name\nprice Price\ntiming Timing",
        "target": """
            id kpi_id        period_grain period_start value
            g1 total_sales   quarter      2025-01-01   5000
            g2 won_deals     quarter      2025-01-01   4
            g3 new_customers quarter      2025-01-01   3
        """,
    }


def _selling(dice: Dice) -> Mapping[str, str]:
    deals, history = [], []
    for number in range(1, DEALS + 1):
        created = dice.day()
        outcome = dice.pick("won", "won", "lost", "lost", "open")
        closed = "-" if outcome == "open" else dice.day(created)
        reason = dice.pick("price", "timing", "-") if outcome == "lost" else "-"
        stage = {"won": "s4", "lost": "s5"}.get(str(outcome), "s2")
        who = (dice.some("c", CUSTOMERS), dice.some("u", USERS), dice.some("l", 30))
        more = (dice.pick("Rival", "Other", "-"), dice.pick("commit", "best", "pipeline"), dice.later(created, 0.8))
        deals.append(
            (f"d{number}", *who, created, dice.later(FIRST, 0), closed, outcome, dice.amount(), stage, reason, *more)
        )
        history += _stages(dice, f"d{number}", created, closed, outcome)
    return {
        "opportunity": _joined(
            "id customer_id owner_id lead_id created_at first_contact_at closed_at outcome amount stage_id"
            " loss_reason_id competitor_id forecast_category expected_close_on",
            deals,
        ),
        "stage_history": _joined("opportunity_id stage_id entered_at left_at", history),
        "stage_task": _table(
            "opportunity_id stage_id task due_on done_at",
            30,
            lambda n: (f"d{n}", dice.pick("s1", "s2"), "call", dice.day(), dice.later(FIRST, 0.6)),
        ),
        "activity": _table(
            "id type owner_id at duration_min status opportunity_id time_category",
            60,
            lambda n: (
                *(f"v{n}", dice.pick("call", "email", "meeting", "demo", "proposal", "follow_up", "event", "visit")),
                *(dice.some("u", USERS), dice.day(), dice.of.randint(1, 90), dice.pick("held", "scheduled")),
                *(dice.some("d", DEALS), dice.pick("prospecting", "admin", "-")),
            ),
        ),
    }


def _stages(dice: Dice, deal: str, created: date, closed: object, outcome: object) -> list[tuple[object, ...]]:
    """Return stays in stages one after the other; stages may be skipped, and one entered twice."""
    path = [each for each in ("s1", "s2", "s3") if dice.of.random() < 0.6]
    if path and dice.of.random() < 0.2:
        path.append(path[0])
    end = closed if isinstance(closed, date) else LAST
    moves = sorted(created + timedelta(days=dice.of.randint(0, (end - created).days)) for _ in path)
    ends: list[object] = [*moves[1:], closed]
    found = zip(path, moves, ends, strict=True) if path else ()
    return [(deal, stage, since, until) for stage, since, until in found]


def _joined(header: str, rows: Iterable[Iterable[object]]) -> str:
    return "\n".join([header, *(" ".join(map(str, row)) for row in rows)])


def _buying(dice: Dice) -> Mapping[str, str]:
    def term(name: str) -> Callable[[int], Iterable[object]]:
        def row(number: int) -> Iterable[object]:
            since = dice.day()
            return (f"{name}{number}", dice.some("c", CUSTOMERS), since, dice.later(since, 0.6), dice.amount())

        return row

    return {
        "order": _table(
            "id customer_id owner_id ordered_at amount cost_of_goods status channel",
            60,
            lambda n: (
                *(f"o{n}", dice.some("c", CUSTOMERS), dice.some("u", USERS), dice.day()),
                *(dice.pick(dice.amount(), dice.amount(), -dice.amount()), dice.pick(10, 20, "-")),
                *(dice.pick("completed", "completed", "cancelled"), dice.pick("web", "phone")),
            ),
        ),
        "order_line": _table(
            "id order_id customer_id ordered_at unit_price line_type",
            40,
            lambda n: (f"n{n}", f"o{n}", dice.some("c", CUSTOMERS), dice.day(), dice.amount(),
                       dice.pick("new", "upsell", "cross_sell", "renewal")),
        ),
        "subscription": _table("id customer_id started_on ended_on monthly_amount", 25, term("m")),
        "contract": _table(
            "id customer_id starts_on ends_on amount ordered_at", 20, lambda n: (*term("k")(n), dice.day())
        ),
        "invoice": _table(
            "id contract_id due_on amount", 20, lambda n: (f"i{n}", f"k{n}", dice.day(), dice.amount())
        ),
        "payment": _table(
            "id invoice_id customer_id received_on amount",
            20,
            lambda n: (f"p{n}", dice.some("i", 20), dice.some("c", CUSTOMERS), dice.day(), dice.amount()),
        ),
        "cart": _table(
            "id customer_id channel created_at ordered_at",
            20,
            lambda n: (f"b{n}", dice.some("c", CUSTOMERS), dice.pick("web", "phone"), dice.day(),
                       dice.later(FIRST, 0.5)),
        ),
    }  # fmt: skip


def _marketing(dice: Dice) -> Mapping[str, str]:
    def lead(number: int) -> Iterable[object]:
        created = dice.day()
        mql = dice.later(created, 0.7)
        sql = dice.later(mql, 0.6) if isinstance(mql, date) else "-"
        converted = dice.later(created, 0.4)
        customer = dice.some("c", CUSTOMERS) if converted != "-" else "-"
        where = (dice.pick("web", "phone"), dice.pick("website", "email", "-"), dice.some("u", USERS))
        return (f"l{number}", created, mql, sql, converted, customer, *where, dice.later(created, 0.7), dice.amount())

    return {
        "lead": _table(
            "id created_at mql_at sql_at converted_at converted_customer_id channel source owner_id first_response_at"
            " score",
            30,
            lead,
        ),
        "cost": _table(
            "id booked_on amount category channel team_id",
            40,
            lambda n: (f"x{n}", dice.day(), dice.amount(),
                       dice.pick("salaries", "marketing", "advertising", "retention"),
                       dice.pick("web", "phone", "-"), dice.some("t", 2)),
        ),
        "survey_response": _table(
            "id customer_id type score scale_max answered_at",
            40,
            lambda n: (f"y{n}", dice.some("c", CUSTOMERS), *_survey(dice), dice.day()),
        ),
        "email_send": _table(
            "id owner_id sent_at delivered opened_at",
            30,
            lambda n: (f"e{n}", dice.some("u", USERS), dice.day(), *_sent(dice)),
        ),
        "social_event": _table(
            "id owner_id platform kind at count",
            15,
            lambda n: (f"z{n}", dice.some("u", USERS), "site", dice.pick("like", "share"), dice.day(),
                       dice.of.randint(0, 9)),
        ),
        "referral": _table(
            "id referred_by_customer_id at owner_id",
            12,
            lambda n: (f"f{n}", dice.some("c", CUSTOMERS), dice.day(), dice.some("u", USERS)),
        ),
        "inquiry": _table(
            "id customer_id channel received_at first_reply_at",
            15,
            lambda n: (f"q{n}", dice.some("c", CUSTOMERS), dice.pick("phone", "live_chat"), *_replied(dice)),
        ),
    }  # fmt: skip


def _survey(dice: Dice) -> tuple[object, ...]:
    if dice.of.random() < 0.5:
        return ("nps", dice.of.randint(0, 10), 10)
    return ("csat", dice.of.randint(1, 5), dice.pick(5, "-"))


def _sent(dice: Dice) -> tuple[object, ...]:
    delivered = dice.of.random() < 0.8
    return (str(delivered).lower(), dice.later(FIRST, 0.5) if delivered else "-")


def _replied(dice: Dice) -> tuple[object, ...]:
    received = dice.day()
    return (received, dice.later(received, 0.7))
