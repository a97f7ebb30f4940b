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
    columns = ", ".join(f"won.{column}" for column in ["_unit", *map(bind.name, query.dimensions)])
    return f"SELECT {columns}, count(*) FROM ({_won(query, bind)}) AS won GROUP BY {columns}"


def activity(query: CohortQuery, bind: Binding) -> str:
    """Return the statement whose rows are a unit, the dimensions' values, an age, and at that age the
    customers who bought, their orders, the amount, and the customers who bought for the second time.

    A negative age is an order before the day that is given as the first purchase. Customers are numbered,
    as grouping millions of orders by a number takes half as long as by a text.
    """
    # no field's name begins as ours do, so that none of an order or a dimension stands in their place
    names, grain = _of("", query, bind), bind.name(query.grain.value)
    won = _won(query, bind)
    kept = bind.condition("e", "order", KEPT)
    seen = f"e.ordered_on >= {bind.day(query.start)} AND e.ordered_on <= {bind.day(query.today)}"
    # lived: one row a customer and age. again: who bought for the second time did so at the first age above 0, or at
    # age 0 with two orders; min(age) keeps the first of these. every: the customers of `lived`, added up
    return f"""
        WITH won AS (SELECT *, row_number() OVER () AS _who FROM ({won}) AS w),
        lived AS (
            SELECT _who, _unit{_of("won.", query, bind)}, c.{grain} - _unit AS _age, count(*) AS _orders,
                sum(e.amount) AS _revenue
            FROM {bind.table("order")} AS e JOIN won ON won._id = e.customer_id
            JOIN {bind.calendar} AS c ON c.date = e.ordered_on
            WHERE {kept} AND {seen}
            GROUP BY _who, _unit{_of("won.", query, bind)}, c.{grain}
        ),
        again AS (
            SELECT _unit{names}, _age, count(*) AS _customers
            FROM (
                SELECT _unit{names}, min(_age) AS _age FROM lived
                WHERE _age > 0 OR (_age = 0 AND _orders > 1) GROUP BY _who, _unit{names}
            ) AS first
            GROUP BY _unit{names}, _age
        ),
        every AS (
            SELECT _unit{names}, _age, count(*) AS _customers, sum(_orders) AS _orders, sum(_revenue) AS _revenue
            FROM lived GROUP BY _unit{names}, _age
        )
        SELECT every._unit{_of("every.", query, bind)}, every._age, every._customers, _orders, _revenue,
            coalesce(again._customers, 0)
        FROM every LEFT JOIN again ON again._unit = every._unit AND again._age = every._age{_same(query, bind)}
    """


def _won(query: CohortQuery, bind: Binding) -> str:
    start, end, today = (bind.day(day) for day in (query.start, query.end, query.today))
    first = "u.first_purchase_on"
    conditions = [f"{first} >= {start}", f"{first} < {end}", f"{first} <= {today}"]
    conditions += bind.cuts("u", query.cuts)
    tables = f"{bind.table('customer')} AS u JOIN {bind.calendar} AS k ON k.date = {first}"
    unit = f"k.{bind.name(query.grain.value)} AS _unit"
    return f"SELECT u.id AS _id, {unit}{_of('u.', query, bind)} FROM {tables} WHERE {' AND '.join(conditions)}"


def _of(table: str, query: CohortQuery, bind: Binding) -> str:
    return "".join(f", {table}{bind.name(dimension)}" for dimension in query.dimensions)


def _same(query: CohortQuery, bind: Binding) -> str:
    # an empty value equals an empty one
    names = (bind.name(dimension) for dimension in query.dimensions)
    return "".join(f" AND again.{name} IS NOT DISTINCT FROM every.{name}" for name in names)
