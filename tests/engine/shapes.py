"""KPIs of every input word over the tiny company, and random questions about them."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from kpicore import (
    COUNT,
    DURING,
    END,
    MEAN,
    START,
    At,
    Input,
    Metric,
    Question,
    Workspace,
    average,
    count,
    distinct,
    earlier,
    latest,
    median,
    metric,
    per,
    percentile,
    standing,
    target,
    total,
)

Filters = tuple[tuple[str, tuple[str, ...]], ...]
"""Cuts as a question has them: dimensions and the members of each that count."""

WON = "outcome = 'won'"
CYCLE = "days(created_on, closed_on)"
_ORDERS = per("customer_id", total("order", "amount", when="ordered_on"))
_DEALS = per("customer_id", standing("opportunity", "amount", since="created_on", until="closed_on"))


def _open(at: At, value: str = "") -> Input:
    return standing("opportunity", value, since="created_on", until="closed_on", at=at)


WORDS: dict[str, Input] = {
    "count": count("opportunity", when="created_on", where=WON),
    "total": total("opportunity", "amount", when="closed_on"),
    "computed": total("opportunity", "amount * coalesce(probability, 0.5)", when="closed_on", where=WON),
    "distinct": distinct("opportunity", "customer_id", when="closed_on"),
    "average": average("opportunity", CYCLE, when="closed_on"),
    "median": median("opportunity", "amount", when="closed_on", where=WON),
    "p90": percentile("opportunity", CYCLE, 0.9, when="closed_on"),
    "latest": latest("order", "amount", when="ordered_on"),
    "start": _open(START),
    "end": _open(END, "amount"),
    "during": _open(DURING),
    "mean": _open(MEAN, "amount"),
    "per_count": count(_ORDERS, where="value > 250"),
    "per_average": average(_ORDERS, "value"),
    "per_ends": total(_DEALS, "at_end - at_start", where="at_start > 0"),
    "regardless": count("opportunity", when="closed_on", regardless_of=("channel", "rep")),
    "as_of": count("opportunity", when="created_on", where="days(created_on, period.end) > 40"),
}

SINGLE = Metric("single", name="Single", unit=COUNT, variants={name: {"v": each} for name, each in WORDS.items()})
FORMULAS = Metric(
    "formulas",
    name="Formulas",
    unit=COUNT,
    formula="a / b",
    variants={
        "win_rate": {
            "a": count("opportunity", when="closed_on", where=WON),
            "b": count("opportunity", when="closed_on"),
        },
        "mixed": {"a": total("order", "amount", when="ordered_on"), "b": _open(DURING)},
        "growth": {"a": metric("single.total"), "b": earlier("single.total", "previous")},
        "of_target": {"a": metric("total_sales"), "b": target("total_sales")},
        "churn": {"a": count(_DEALS, where="at_start > 0 and at_end = 0"), "b": count(_DEALS, where="at_start > 0")},
    },
)
SALES = Metric("total_sales", name="Sales", unit=COUNT, inputs={"v": WORDS["total"]})
METRICS = (SINGLE, FORMULAS, SALES)
NAMES = [(each.id, variant) for each in METRICS for variant in each.variant_names]

REPS = ("Ann Lee [u1]", "Ann Lee [u3]", "Bob Ray", "(none)")
CHANNELS = ("web", "phone", "(none)")
SEGMENTS = ("small", "large", "medium", "(none)")
PERIODS = (
    *("2025", "2025-H1", "2025-H2", "2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2024", "FY2025-Q2", "2025-W07"),
    *("2025-01", "2025-02", "2025-03", "2025-04", "2025-05", "2025-06", "2025-07", "2025-08"),
    *("2025-W09", "2025-W14", "2025-03-31", "2025-05-04", "ytd", "qtd", "last month", "trailing 100 days"),
)


def periods() -> st.SearchStrategy[str]:
    days = st.dates(date(2024, 12, 20), date(2025, 8, 10))
    ranges = st.tuples(days, st.integers(0, 120)).map(lambda each: f"{each[0]}..{each[0] + timedelta(days=each[1])}")
    return st.one_of(st.sampled_from(PERIODS), ranges)


def cuts() -> st.SearchStrategy[Filters]:
    """Give no cut, one or two, of one member or several."""

    def of(name: str, members: tuple[str, ...]) -> st.SearchStrategy[Filters]:
        chosen = st.lists(st.sampled_from(members), min_size=1, max_size=3, unique=True)
        return st.one_of(st.just(()), chosen.map(lambda each: ((name, tuple(each)),)))

    both = st.tuples(of("channel", CHANNELS), of("rep", REPS), of("segment", SEGMENTS))
    return both.map(lambda each: (*each[0], *each[1], *each[2]))


Asked = tuple[tuple[str, str], str, Filters]


def asked() -> st.SearchStrategy[Asked]:
    return st.tuples(st.sampled_from(NAMES), periods(), cuts())


def question(opened: Workspace, given: Asked) -> Question:
    (id, variant), period, cut = given
    return Question(id, variant, opened.period(period), cut)
