"""Every KPI counted a second time, row by row in plain Python: no engine, no expressions, no SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.recount.books import Books, Row, Span, is_done, is_kept, margin

Number = Decimal | int | float | None
Test = Callable[[Row], bool]
DAY = timedelta(1)


@dataclass(frozen=True)
class Recount:
    """The company's books seen for one period and one member of a dimension, or all."""

    books: Books
    span: Span
    cut: tuple[str, str] | None = None
    earlier: Callable[[str], Span] | None = None

    def rows(self, entity: str, but: str = "") -> list[Row]:
        """Return the rows of an entity of the member asked for; of all where `but` is that dimension."""
        rows = self.books.spells if entity == "customer_spell" else self.books.rows[entity]
        if self.cut is None or self.cut[0] == but:
            return rows
        dimension, member = self.cut
        return [row for row in rows if row[dimension] == member]

    def dated(self, entity: str, when: str, test: Test | None = None, plan: bool = False, but: str = "") -> list[Row]:
        """Return the rows whose day lies in the period and, but for plans, not after today."""
        return [
            row
            for row in self.rows(entity, but)
            if row[when] is not None
            and self.span.start <= row[when] < self.span.end
            and (plan or row[when] <= self.books.today)
            and (test is None or test(row))
        ]

    def at(self, entity: str, day: date, since: str, until: str) -> list[Row]:
        """Return the rows that are there at the close of a day."""
        return [
            row
            for row in self.rows(entity)
            if row[since] is not None and row[since] <= day and (row[until] is None or row[until] > day)
        ]

    @property
    def before(self) -> date:
        return self.span.start - DAY

    @property
    def last(self) -> date:
        return min(self.span.last, self.books.today)

    def of(self, span: Span) -> Recount:
        return Recount(self.books, span, self.cut, self.earlier)

    def shifted(self, step: str) -> Recount:
        assert self.earlier is not None
        return self.of(self.earlier(step))

    # deals
    def won(self, but: str = "") -> list[Row]:
        return self.dated("opportunity", "closed_on", lambda d: d["outcome"] == "won", but=but)

    def lost(self) -> list[Row]:
        return self.dated("opportunity", "closed_on", lambda d: d["outcome"] == "lost")

    def closed(self) -> list[Row]:
        return self.dated("opportunity", "closed_on", lambda d: d["outcome"] in ("won", "lost"))

    def created(self) -> list[Row]:
        return self.dated("opportunity", "created_on")

    def open_at_end(self) -> list[Row]:
        """Return the deals in the pipeline; an open one of unknown creation stands in it since the first load."""
        there = [deal for deal in self.at("opportunity", self.last, "created_on", "over_on") if known_end(deal)]
        undated = [d for d in self.rows("opportunity") if d["created_on"] is None and d["outcome"] == "open"]
        return there + (undated if self.last >= self.books.today else [])

    def in_funnel(self) -> list[Row]:
        return [
            deal
            for deal in self.rows("opportunity")
            if known_end(deal)
            and deal["created_on"] is not None
            and deal["created_on"] <= self.last
            and (deal["closed_on"] is None or deal["closed_on"] >= self.span.start)
        ]

    def won_in_funnel(self) -> list[Row]:
        return [each for each in self.won() if each["created_on"] and each["created_on"] <= each["closed_on"]]

    def cycle(self, start: str) -> list[int]:
        return [
            (deal["closed_on"] - deal[start]).days
            for deal in self.won()
            if deal[start] is not None and deal["closed_on"] >= deal[start]
        ]

    # orders
    def orders(self, test: Test | None = None) -> list[Row]:
        return self.dated("order", "ordered_on", lambda o: is_kept(o) and (test is None or test(o)))

    def revenue(self) -> Decimal:
        return summed(self.orders(), "amount")

    def sold_more(self, *types: str) -> set[str]:
        return buyers(self.dated("order_line", "ordered_on", lambda n: is_kept(n) and n["line_type"] in types))

    def bought_lines(self) -> set[str]:
        return buyers(self.dated("order_line", "ordered_on", is_kept))

    # customers
    def fresh(self) -> list[Row]:
        return self.dated("customer", "first_purchase_on")

    def active(self, day: date) -> set[str]:
        return buyers(self.at("customer_spell", day, "active_from", "active_to"))

    def mrr(self, day: date) -> Decimal:
        return summed(self.at("subscription", day, "started_on", "ended_on"), "monthly_amount")

    def reps(self) -> list[Row]:
        return [
            user
            for user in self.rows("user")
            if user["active_from"] is not None
            and user["active_from"] <= self.last
            and (user["active_to"] is None or user["active_to"] > max(self.span.start, user["active_from"]))
        ]

    # the rest
    def leads(self) -> list[Row]:
        return self.dated("lead", "created_on")

    def costs(self, *categories: str) -> Decimal:
        return summed(
            self.dated("cost", "booked_on", lambda c: not categories or c["category"] in categories), "amount"
        )

    def acquisition(self) -> Decimal:
        return summed(self.dated("cost", "booked_on", lambda c: c["category"] != "retention"), "amount")

    def done(self, *types: str) -> list[Row]:
        return self.dated("activity", "on", lambda a: is_done(a) and (not types or a["type"] in types))

    def answers(self, type_: str, low: int, high: int | None) -> list[Row]:
        def fits(row: Row) -> bool:
            top = row["scale_max"] if row["scale_max"] is not None else 5
            return row["type"] == type_ and row["score"] is not None and low <= row["score"] <= (high or top)

        return self.dated("survey_response", "answered_on", fits)

    def target(self, kpi: str) -> Number:
        """Return the target of exactly this period and member, as grain and first day tell."""
        grains = {31: "month", 90: "quarter", 366: "year"}
        for row in self.books.rows["target"]:
            of_whom = ("rep", row["rep"]) if row.get("owner_id") else None
            days = (self.span.end - self.span.start).days
            if (row["kpi_id"], row["period_start"], row["period_grain"], of_whom) == (
                *(kpi, self.span.start, grains.get(days)),
                self.cut,
            ):
                return row["value"]
        return None


def known_end(deal: Row) -> bool:
    """Whether it is known when a deal was open: not of one that is over without a day, or before it began."""
    if deal["closed_on"] is None:
        return deal["outcome"] == "open"
    return deal["created_on"] is None or deal["closed_on"] >= deal["created_on"]


def buyers(rows: Iterable[Row]) -> set[str]:
    return {row["customer_id"] for row in rows if row["customer_id"] is not None}


def summed(rows: Iterable[Row], *names: str) -> Decimal:
    total = Decimal(0)
    for row in rows:
        if all(row[name] is not None for name in names):
            product = Decimal(1)
            for name in names:
                product *= row[name]
            total += product
    return total


def over(above: Number, below: Number) -> Number:
    """Return a ratio; None where it is over nothing."""
    return None if above is None or not below else float(above) / float(below)


def mean(numbers: Sequence[Any]) -> Number:
    return float(sum(numbers)) / len(numbers) if numbers else None


def quantile(numbers: Sequence[Any], share: float) -> Number:
    """Return the value below which a share of the numbers lies, between two of them in proportion."""
    if not numbers:
        return None
    ranked = sorted(float(number) for number in numbers)
    place = share * (len(ranked) - 1)
    below = int(place)
    above = min(below + 1, len(ranked) - 1)
    return ranked[below] + (ranked[above] - ranked[below]) * (place - below)


def minutes(rows: Iterable[Row], start: str, end: str) -> list[float]:
    passed = [
        (row[end] - row[start]).total_seconds() / 60 for row in rows if row[start] is not None and row[end] is not None
    ]
    return [each for each in passed if each >= 0]


def growth(now: Decimal, before: Decimal) -> Number:
    return over(now - before, before) if before > 0 else None


def profit(orders: Iterable[Row]) -> Decimal:
    return sum((each for each in map(margin, orders) if each is not None), Decimal(0))
