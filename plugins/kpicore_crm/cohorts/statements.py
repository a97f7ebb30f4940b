"""The two statements behind a triangle: how many customers each unit of time won, and what they did since.

Ids of calendar units are consecutive, so an age is the difference of two of them: months, weeks and
months of a 4-4-5 calendar alike. An order meets its one customer and fans out to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kpicore import Binding, Grain
from kpicore_crm.entities.drafts import KEPT

Cuts = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class CohortQuery:
    """Customers who first bought from `start` up to but not including `end`, as far as seen on `today`.

    `dimensions` and `cuts` are of the customer; `grain` is the unit of ages.
    """

    grain: Grain
    start: date
    end: date
    today: date
    dimensions: tuple[str, ...] = ()
    cuts: Cuts = ()


def sizes(query: CohortQuery, bind: Binding) -> str:
    """Return the statement whose rows are a unit, the dimensions' values and how many customers it won."""
    columns = ", ".join(f"won.{column}" for column in ["unit", *map(bind.name, query.dimensions)])
    return f"SELECT {columns}, count(*) FROM ({_won(query, bind)}) AS won GROUP BY {columns}"


def activity(query: CohortQuery, bind: Binding) -> str:
    """Return the statement whose rows are a unit, the dimensions' values, an age, and at that age the
    customers who bought, their orders, the amount, and the customers who bought for the second time.

    A negative age is an order before the day that is given as the first purchase. Customers are numbered,
    as grouping millions of orders by a number takes half as long as by a text.
    """
    names = _of("", query, bind)
    grain = bind.name(query.grain.value)
    won = _won(query, bind)
    kept = bind.condition("e", "order", KEPT)
    seen = f"e.ordered_on >= {bind.day(query.start)} AND e.ordered_on <= {bind.day(query.today)}"
    # lived: one row a customer and age. again: who bought for the second time did so at the first age above 0, or at
    # age 0 with two orders; min(age) keeps the first of these. every: the customers of `lived`, added up
    return f"""
        WITH won AS (SELECT *, row_number() OVER () AS who FROM ({won}) AS w),
        lived AS (
            SELECT who, unit{_of("won.", query, bind)}, c.{grain} - unit AS age, count(*) AS orders,
                sum(e.amount) AS revenue
            FROM {bind.table("order")} AS e JOIN won ON won.id = e.customer_id
            JOIN {bind.calendar} AS c ON c.date = e.ordered_on
            WHERE {kept} AND {seen}
            GROUP BY who, unit{_of("won.", query, bind)}, c.{grain}
        ),
        again AS (
            SELECT unit{names}, age, count(*) AS customers
            FROM (
                SELECT unit{names}, min(age) AS age FROM lived
                WHERE age > 0 OR (age = 0 AND orders > 1) GROUP BY who, unit{names}
            ) AS first
            GROUP BY unit{names}, age
        ),
        every AS (
            SELECT unit{names}, age, count(*) AS customers, sum(orders) AS orders, sum(revenue) AS revenue
            FROM lived GROUP BY unit{names}, age
        )
        SELECT every.unit{_of("every.", query, bind)}, every.age, every.customers, orders, revenue,
            coalesce(again.customers, 0)
        FROM every LEFT JOIN again ON again.unit = every.unit AND again.age = every.age{_same(query, bind)}
    """


def _won(query: CohortQuery, bind: Binding) -> str:
    start, end, today = (bind.day(day) for day in (query.start, query.end, query.today))
    first = "u.first_purchase_on"
    conditions = [f"{first} >= {start}", f"{first} < {end}", f"{first} <= {today}"]
    conditions += bind.cuts("u", query.cuts)
    tables = f"{bind.table('customer')} AS u JOIN {bind.calendar} AS k ON k.date = {first}"
    unit = f"k.{bind.name(query.grain.value)} AS unit"
    return f"SELECT u.id, {unit}{_of('u.', query, bind)} FROM {tables} WHERE {' AND '.join(conditions)}"


def _of(table: str, query: CohortQuery, bind: Binding) -> str:
    return "".join(f", {table}{bind.name(dimension)}" for dimension in query.dimensions)


def _same(query: CohortQuery, bind: Binding) -> str:
    # an empty value equals an empty one
    names = (bind.name(dimension) for dimension in query.dimensions)
    return "".join(f" AND again.{name} IS NOT DISTINCT FROM every.{name}" for name in names)
