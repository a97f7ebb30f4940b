"""Random questions of each input word, answered a second time by SQL that is written here by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpicore import Answer, Workspace
from tests.engine.conftest import Opened
from tests.engine.shapes import CHANNELS, METRICS, REPS, SEGMENTS, WORDS, Asked, Filters, cuts, periods, question
from tests.said import note_words

TODAY = date(2025, 7, 15)
FIRST = {"opportunity": date(2025, 1, 1), "order": date(2025, 1, 26)}
"""First day of what was loaded, before which there is no data; it reaches the day of the data."""

Sql = Callable[[date, date, str], str]


def flow(what: str, when: str, where: str = "true", table: str = "opportunity") -> Sql:
    return lambda start, end, cut: (
        f"SELECT {what} FROM kpi.\"{table}\" WHERE {when} >= DATE '{start}' AND {when} < DATE '{end}'"
        f" AND {when} <= DATE '{TODAY}' AND ({where}) AND {cut}"
    )


def alive(what: str, offset: str) -> Sql:
    """Return the SQL of what is alive at the close of the day before the period, or of its last day."""

    def sql(start: date, end: date, cut: str) -> str:
        day = start - timedelta(days=1) if offset == "start" else min(end - timedelta(days=1), TODAY)
        return (
            f"SELECT {what} FROM kpi.opportunity WHERE created_on <= DATE '{day}'"
            f" AND NOT coalesce(closed_on <= DATE '{day}', false) AND {cut}"
        )

    return sql


def during(start: date, end: date, cut: str) -> str:
    return (
        f"SELECT count(*) FROM kpi.opportunity WHERE created_on < DATE '{end}' AND created_on <= DATE '{TODAY}'"
        f" AND NOT coalesce(closed_on < DATE '{start}', false) AND {cut}"
    )


def mean(start: date, end: date, cut: str) -> str:
    end = min(end, TODAY + timedelta(days=1))
    return (
        "SELECT coalesce(avg(a), 0) FROM (SELECT d, coalesce(sum(amount), 0) AS a FROM"
        f" (SELECT unnest(generate_series(DATE '{start}', DATE '{end}' - 1, INTERVAL 1 DAY))::DATE AS d) AS days"
        f" LEFT JOIN (SELECT * FROM kpi.opportunity WHERE {cut}) AS o"
        " ON o.created_on <= d AND (o.closed_on IS NULL OR d < o.closed_on) GROUP BY d)"
    )


def per_order(what: str) -> Sql:
    def sql(start: date, end: date, cut: str) -> str:
        inner = flow("customer_id, sum(amount) AS v", "ordered_on", "customer_id IS NOT NULL", "order")
        return f"SELECT {what} FROM ({inner(start, end, cut)} GROUP BY customer_id)"

    return sql


def per_ends(start: date, end: date, cut: str) -> str:
    last, before = min(end - timedelta(days=1), TODAY), start - timedelta(days=1)

    def at(day: date) -> str:
        return (
            f"sum(CASE WHEN created_on <= DATE '{day}' AND (closed_on IS NULL OR closed_on > DATE '{day}')"
            " THEN amount ELSE 0 END)"
        )

    return (
        f"SELECT coalesce(sum(e - b), 0) FROM (SELECT customer_id, {at(before)} AS b, {at(last)} AS e"
        f" FROM kpi.opportunity WHERE customer_id IS NOT NULL AND {cut} GROUP BY 1) WHERE b > 0"
    )


CYCLE = "(closed_on - created_on)"
BY_HAND: Mapping[str, Sql] = {
    "count": flow("count(*)", "created_on", "outcome = 'won'"),
    "total": flow("coalesce(sum(amount), 0)", "closed_on"),
    "computed": flow("coalesce(sum(amount * coalesce(probability, 0.5)), 0)", "closed_on", "outcome = 'won'"),
    "distinct": flow("count(DISTINCT customer_id)", "closed_on"),
    "average": flow(f"avg({CYCLE})", "closed_on"),
    "median": flow("median(amount::DOUBLE)", "closed_on", "outcome = 'won'"),
    "p90": flow(f"quantile_cont({CYCLE}::DOUBLE, 0.9)", "closed_on"),
    "latest": lambda start, end, cut: (
        flow("amount", "ordered_on", table="order")(start, end, cut) + " ORDER BY ordered_on DESC LIMIT 1"
    ),
    "start": alive("count(*)", "start"),
    "end": alive("coalesce(sum(amount), 0)", "end"),
    "during": during,
    "mean": mean,
    "per_count": per_order("count(*) FILTER (WHERE v > 250)"),
    "per_average": per_order("avg(v)"),
    "per_ends": per_ends,
    "as_of": lambda start, end, cut: flow("count(*)", "created_on", f"DATE '{end}' - created_on > 40")(start, end, cut),
    "regardless": flow("count(*)", "closed_on"),
}
ON_ORDERS = {"latest", "per_count", "per_average"}


def cut_sql(given: Filters, ignored: tuple[str, ...] = ()) -> str:
    parts = []
    for name, values in given:
        if name not in ignored:
            listed = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
            parts.append(f"coalesce({name}, '(none)') IN ({listed})")
    return " AND ".join(parts) or "true"


def by_hand(opened: Workspace, name: str, period: str, given: Filters) -> tuple[float | None, str | None]:
    """Return what the answer should be: a value, or a reason."""
    asked = opened.period(period)
    if asked.start > TODAY:
        return None, "not_started"
    if asked.end <= FIRST["order" if name in ON_ORDERS else "opportunity"]:
        return None, "no_data"
    cut = cut_sql(given, ("channel", "rep") if name == "regardless" else ())
    rows = opened.warehouse.query(BY_HAND[name](asked.start, asked.end, cut))
    found = rows[0][0] if rows else None
    return (None, "no_rows") if found is None else (float(found), None)


def test_every_word_has_sql_of_its_own() -> None:
    assert set(BY_HAND) == set(WORDS)


@pytest.mark.parametrize("name", list(WORDS))
@given(period=periods(), cut=cuts())
@settings(max_examples=20, deadline=None)
def test_answers_are_those_of_sql_written_by_hand(tiny: Opened, name: str, period: str, cut: Filters) -> None:
    opened = shared(tiny)
    [answer] = opened.engine.answer([question(opened, (("single", name), period, on(name, cut)))])
    value, reason = by_hand(opened, name, period, on(name, cut))
    assert answer.reason == reason, (note_words(answer.detail), value)
    assert answer.value == (None if value is None else pytest.approx(value, rel=1e-12, abs=1e-9))


def on(name: str, cut: Filters) -> Filters:
    """Return the cuts that the entity of an input has: orders of the tiny company have no channel."""
    return tuple(each for each in cut if not (name in ON_ORDERS and each[0] == "channel"))


_OPENED: dict[int, Workspace] = {}


def shared(tiny: Opened) -> Workspace:
    if id(tiny) not in _OPENED:
        _OPENED[id(tiny)] = tiny(*METRICS)
    return _OPENED[id(tiny)]


def one(opened: Workspace, given: Asked) -> Answer:
    return opened.engine.answer([question(opened, given)])[0]


ADD_OVER_TIME = ("count", "total", "computed", "regardless")
ADD_OVER_CUTS = ("count", "total", "computed", "start", "end", "during", "mean")


@pytest.mark.parametrize("name", ADD_OVER_TIME)
@given(cut=cuts())
@settings(max_examples=6, deadline=None)
def test_the_months_add_up_to_the_half_year_and_the_days_to_the_month(tiny: Opened, name: str, cut: Filters) -> None:
    opened = shared(tiny)
    months = sum(one(opened, (("single", name), f"2025-0{month}", cut)).value or 0 for month in range(1, 7))
    assert one(opened, (("single", name), "2025-H1", cut)).value == pytest.approx(months, rel=1e-12)
    quarters = sum(one(opened, (("single", name), f"2025-Q{quarter}", cut)).value or 0 for quarter in (1, 2))
    assert quarters == pytest.approx(months, rel=1e-12)


@pytest.mark.parametrize("name", ADD_OVER_CUTS)
@pytest.mark.parametrize(("dimension", "members"), [("rep", REPS), ("channel", CHANNELS), ("segment", SEGMENTS)])
@given(period=periods())
@settings(max_examples=4, deadline=None)
def test_the_members_add_up_to_the_total(
    tiny: Opened, name: str, dimension: str, members: tuple[str, ...], period: str
) -> None:
    opened = shared(tiny)
    whole = one(opened, (("single", name), period, ()))
    each = [one(opened, (("single", name), period, ((dimension, (member,)),))) for member in members]
    if whole.value is None:
        assert {part.reason for part in each} == {whole.reason}
    else:
        assert sum(part.value or 0 for part in each) == pytest.approx(whole.value, rel=1e-12, abs=1e-9)
        assert sum(part.n for part in each) == whole.n
    together = one(opened, (("single", name), period, ((dimension, members),)))
    assert (together.value, together.n) == (whole.value, whole.n)


@given(period=periods(), cut=cuts(), name=st.sampled_from(list(WORDS)))
@settings(max_examples=25, deadline=None)
def test_what_is_listed_behind_an_answer_is_what_was_counted(
    tiny: Opened, name: str, period: str, cut: Filters
) -> None:
    opened = shared(tiny)
    [told] = opened.explain(f"single.{name}", opened.period(period), dict(on(name, cut))).inputs
    answer = one(opened, (("single", name), period, on(name, cut)))
    listing = told.rows(1000)
    assert listing.total == len(listing.rows)
    if answer.reason in ("not_started", "no_data", "not_loaded"):
        assert listing.total == 0
    elif name in ("count", "start", "during", "per_count", "as_of", "regardless"):
        assert listing.total == answer.value
    elif name != "mean":
        assert listing.total >= answer.n
