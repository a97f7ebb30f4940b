"""What was answered on a day is answered as of that day, whatever is loaded later.

A small company is loaded again and again, on later and later days, with rows that changed: deals move, close and are
reopened, dates and amounts are corrected, reps change teams and names, rows come late, stages get another meaning.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from kpicore import CellCall, KpiError, Listing, Workspace, count, load_plugins, standing
from kpicore.spreadsheet.answering import Answering
from tests.engine.worlds import config_of, load_tables
from tests.loops import loop

Row = dict[str, str]
FIRST = date(2025, 3, 1)
PERIODS = ("2025-Q1", "2025-Q2", "2025-03", "last month", "ytd")
CUTS: tuple[Mapping[str, str], ...] = ({}, {"rep": "u1"}, {"team": "t1"}, {"stage": "s2"}, {"segment": "small"})
OPEN = Listing(
    "open",
    "Open",
    columns={"Deal": "id", "Amount": "amount", "Rep": "owner_id", "Since": "created_on", "Team": "team"},
    rows=standing("opportunity", since="created_on", until="closed_on"),
)
TOUCHED = Listing("calls", "Calls", columns={"Id": "id", "On": "at"}, rows=count("activity", when="on"))

START: Mapping[str, tuple[Row, ...]] = {
    "team": ({"id": "t1", "name": "North"}, {"id": "t2", "name": "South"}),
    "user": tuple({"id": f"u{n}", "name": f"Rep{n}", "team_id": f"t{n % 2 + 1}"} for n in range(3)),
    "stage": (
        {"id": "s1", "name": "Talk", "position": "1", "outcome": "open", "probability": "0.2"},
        {"id": "s2", "name": "Offer", "position": "2", "outcome": "open", "probability": "0.6"},
        {"id": "s3", "name": "Won", "position": "3", "outcome": "won", "probability": "1"},
        {"id": "s4", "name": "Lost", "position": "-", "outcome": "lost", "probability": "0"},
    ),
    "customer": tuple({"id": f"c{n}", "segment": ("small", "large")[n % 2], "owner_id": f"u{n % 3}"} for n in range(4)),
    "fx_rate": ({"currency": "EUR", "rate_on": "2024-01-01", "rate": "2"},),
}
DAYS = st.dates(date(2024, 12, 1), date(2025, 7, 1)).map(str)
MAYBE_DAY = st.one_of(st.just("-"), DAYS)
AMOUNT = st.integers(1, 9).map(lambda n: str(n * 100))


def fields(**given: st.SearchStrategy[str]) -> st.SearchStrategy[Row]:
    return st.fixed_dictionaries({}, optional=given)


def any_of(*texts: str) -> st.SearchStrategy[str]:
    return st.sampled_from(texts)


OWNER, CUSTOMER = any_of("u0", "u1", "u2", "u9", "-"), any_of("c0", "c1", "c2", "c3", "-")
CHANGES: Mapping[str, st.SearchStrategy[Row]] = {
    "opportunity": fields(
        customer_id=CUSTOMER,
        owner_id=OWNER,
        stage_id=any_of("s1", "s2", "s3", "s4", "-"),
        created_at=MAYBE_DAY,
        closed_at=MAYBE_DAY,
        outcome=any_of("open", "won", "lost", "-"),
        amount=AMOUNT,
        expected_close_on=MAYBE_DAY,
        currency=any_of("USD", "EUR", "GBP"),
        name=any_of("A", "B"),
    ),
    "order": fields(
        customer_id=CUSTOMER,
        ordered_at=MAYBE_DAY,
        status=any_of("completed", "cancelled", "-"),
        currency=any_of("USD", "EUR", "GBP", "-"),
    ),
    "order_line": fields(order_id=any_of("o0", "o1", "o2", "o8"), amount=AMOUNT, quantity=any_of("1", "2", "-")),
    "activity": fields(
        type=any_of("call", "meeting"), at=MAYBE_DAY, status=any_of("held", "cancelled"), owner_id=OWNER,
        opportunity_id=any_of("d0", "d1", "d2", "-"),
    ),
    "subscription": fields(customer_id=CUSTOMER, started_on=DAYS, ended_on=MAYBE_DAY, monthly_amount=AMOUNT),
    "lead": fields(
        created_at=DAYS,
        converted_at=MAYBE_DAY,
        converted_opportunity_id=any_of("d0", "d1", "-"),
        channel=any_of("web", "fair"),
    ),
    "stage_history": fields(
        opportunity_id=any_of("d0", "d1", "d2"), stage_id=any_of("s1", "s2"), entered_at=DAYS, left_at=MAYBE_DAY
    ),
    "cost": fields(booked_on=DAYS, amount=AMOUNT, category=any_of("marketing", "salaries", "-")),
    "user": fields(name=any_of("Ann", "Bob", "Rep1"), team_id=any_of("t1", "t2", "-")),
    "stage": fields(outcome=any_of("open", "won"), probability=any_of("0.1", "0.9"), position=any_of("1", "2", "5")),
    "customer": fields(segment=any_of("small", "large", "-"), owner_id=OWNER),
    "team": fields(name=any_of("North", "East")),
    "fx_rate": fields(rate=any_of("2", "3")),
}  # fmt: skip
LETTERS = {"opportunity": "d", "order": "o", "order_line": "l", "activity": "a", "subscription": "m", "lead": "e",
           "cost": "k", "user": "u", "stage": "s", "customer": "c", "team": "t"}  # fmt: skip
GIVEN: Mapping[str, Row] = {
    "cost": {"amount": "-"},
    "fx_rate": {"currency": "EUR", "rate_on": "2024-01-01"},
    "stage_history": {"opportunity_id": "d0", "stage_id": "s1", "entered_at": "2025-01-05"},
}
"""What rows without an id hold before they are given more."""


class Loading(RuleBasedStateMachine):
    """Changes rows and loads them; in the end each day must answer as it did."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.rows: dict[str, dict[str, Row]] = {
            entity: {row.get("id", "0"): dict(row) for row in rows} for entity, rows in START.items()
        }
        self.touched: set[str] = set(START)
        self.day = FIRST
        self.answered: dict[date, dict[object, object]] = {}

    @initialize(
        deals=st.lists(CHANGES["opportunity"], min_size=3, max_size=3),
        zone=any_of("UTC", "Pacific/Auckland", "America/New_York"),
        active=any_of("inactivity", "subscription"),
    )
    def begin(self, deals: list[Row], zone: str, active: str) -> None:
        rule = {"active_rule": active, "inactivity_days": 60}
        self.config = config_of(Path(self.folder.name), timezone=zone, settings=rule)
        for at_, each in enumerate(deals):
            self.put("opportunity", at_, each)
        self.load(0, 12)

    @rule(data=st.data(), entity=st.sampled_from(sorted(CHANGES)), number=st.integers(0, 3))
    def change(self, data: st.DataObject, entity: str, number: int) -> None:
        self.put(entity, number, data.draw(CHANGES[entity]))

    def put(self, entity: str, number: int, given: Row) -> None:
        rows = self.rows.setdefault(entity, {})
        id = f"{LETTERS.get(entity, '')}{number}"
        rows[id] = rows.get(id, GIVEN.get(entity, {"id": id})) | given
        self.touched.add(entity)

    @rule(days=st.integers(0, 40), hour=st.integers(0, 23), asked_later=st.integers(0, 5), everything=st.booleans())
    def load_and_ask(self, days: int, hour: int, asked_later: int, everything: bool) -> None:
        if not self.touched and not everything:
            return
        if everything:
            self.touched = set(self.rows)
        self.load(days, hour if days else 23)
        self.ask(self.day + timedelta(days=asked_later))
        self.day += timedelta(days=asked_later)

    def load(self, days: int, hour: int) -> None:
        self.day += timedelta(days=days)
        # what was said on the day of this load before it is not what stood at its close
        self.answered = {day: found for day, found in self.answered.items() if day < self.day}
        tables = {each: table([*self.rows[each].values()]) for each in self.touched}
        now = datetime.combine(self.day, time(hour, 30), ZoneInfo(self.config.timezone))
        load_tables(self.config, tables, at=now.astimezone(UTC))
        self.touched = set()

    def ask(self, day: date) -> None:
        with Workspace(self.config, load_plugins(())) as opened:
            self.answered[day] = everything_asked(opened, None)

    def teardown(self) -> None:
        if self.answered:
            with Workspace(self.config, load_plugins(())) as opened:
                for day, expected in self.answered.items():
                    found = everything_asked(opened, day)
                    differ = {key: (expected[key], found[key]) for key in expected if expected[key] != found[key]}
                    assert not differ, f"{day}: " + "\n".join(map(str, differ.items()))
        self.folder.cleanup()


def table(rows: list[Row]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = [" ".join(row.get(name, "-") for name in columns) for row in rows]
    return "\n".join([" ".join(columns), *lines])


def everything_asked(opened: Workspace, day: date | None) -> dict[object, object]:
    """Return what a workspace says of many things as of a day, or as it is."""
    found: dict[object, object] = {}
    # how far goals are is known as of the day of the data only
    metrics = {id: each.variant_names for id, each in opened.registry.metrics.items() if id != "goal_progress"}
    kpis = [id if len(names) == 1 else f"{id}.{name}" for id, names in metrics.items() for name in names]
    for at_, kpi in enumerate(kpis):
        period, where = PERIODS[at_ % len(PERIODS)], CUTS[at_ % len(CUTS)]
        found[kpi] = said(lambda: plain(opened.get(kpi, period, as_of=day).answers))  # noqa: B023
        if where:
            found[kpi, "cut"] = said(lambda: plain(opened.get(kpi, period, where=where, as_of=day).answers))  # noqa: B023
        if at_ % 3 == 0:
            found[kpi, "by"] = said(lambda: plain(opened.get(kpi, period, by="rep", as_of=day).answers))  # noqa: B023
        if at_ % 5 == 0:
            found[kpi, "behind"] = said(lambda: behind(opened, kpi, period, day))  # noqa: B023
    for listing in (OPEN, TOUCHED):
        listed = lambda: opened.listed(listing, "2025-H1", as_of=day)  # noqa: B023, E731
        found[listing.id] = said(lambda: (listed().rows, listed().total, listed().notes))  # noqa: B023
    pair = ("as_of", day) if day else ()
    calls = [
        CellCall("KPI", ("pipeline_value", "2025-03", "rep", "u1", *pair)),
        CellCall("KPI", ("win_rate", "2025", *pair)),
    ]
    found["cells"] = [repr(each) for each in Answering(opened).answer(calls)]
    compared = lambda: opened.get("total_sales", "2025-03", compare="previous", as_of=day)  # noqa: E731
    found["compared"] = said(lambda: plain(compared().compared))
    found["members"] = opened.members("rep", day), opened.members("stage", day)
    return found


def plain(answers: Any) -> list[object]:
    return [
        (
            *(str(answer.question.period), answer.question.cuts, answer.value, answer.reason, answer.detail),
            *(answer.n, answer.notes, dict(answer.inputs), answer.data_time),
        )
        for answer in answers
    ]


def behind(opened: Workspace, kpi: str, period: str, day: date | None) -> object:
    found = opened.explain(kpi, period, as_of=day)
    return [plain([found.answer]), [(each.name, each.value, each.n, each.rows()) for each in found.inputs]]


def said(asked: Callable[[], object]) -> object:
    try:
        return asked()
    except KpiError as error:
        return str(error)


@loop("companies loaded on several days, all that was said compared with what is said as of those days", ci=2, soak=60)
class TestAsOf(Loading.TestCase):  # type: ignore[name-defined, misc]
    settings = settings(
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        phases=[Phase.explicit, Phase.generate],  # a smaller case would take long to find
        database=None,
    )
