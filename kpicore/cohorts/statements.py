"""The two statements behind a triangle: how many customers each unit of time won, and what they did since.

Ids of calendar units are consecutive, so an age is the difference of two of them: months, weeks and
months of a 4-4-5 calendar alike. An order meets its one customer and fans out to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kpicore.engine.reading.scans import Filters
from kpicore.engine.reading.sql import Binder, Row, day, restriction
from kpicore.engine.reading.statements import Statement
from kpicore.entities import Type
from kpicore.expressions import parse_row
from kpicore.periods import Grain
from kpicore.registry import Registry
from kpicore.vocabulary.words import KEPT
from kpicore.warehouse import CALENDAR, Warehouse


@dataclass(frozen=True, slots=True)
class Asked:
    """Customers who first bought from `start` up to but not including `end`, as far as seen on `today`.

    `dimensions` and `cuts` are of the customer; `grain` is the unit of ages.
    """

    grain: Grain
    start: date
    end: date
    today: date
    dimensions: tuple[str, ...] = ()
    cuts: Filters = ()


def sizes(asked: Asked, warehouse: Warehouse) -> Statement:
    """Return the statement whose rows are a unit, the dimensions' values and how many customers it won."""
    bind = Binder(warehouse)
    columns = ", ".join(f"won.{each}" for each in ["unit", *map(bind.quote, asked.dimensions)])
    sql = f"SELECT {columns}, count(*) FROM ({_won(asked, bind)}) AS won GROUP BY {columns}"
    return Statement(sql, tuple(bind.values))


def activity(asked: Asked, registry: Registry, warehouse: Warehouse) -> Statement:
    """Return the statement whose rows are a unit, the dimensions' values, an age, and at that age the
    customers who bought, their orders, the amount, and the customers who bought for the second time.

    A negative age is an order before the day that is given as the first purchase. Customers are numbered,
    as grouping millions of orders by a number takes half as long as by a text.
    """
    bind = Binder(warehouse)
    names = "".join(f", {bind.quote(each)}" for each in asked.dimensions)
    grain = bind.quote(asked.grain.value)
    won, whole = _won(asked, bind), bind.dialect.type_of(Type.INTEGER)
    kept = Row("e", bind, {}).sql(parse_row(KEPT, registry.columns("order")))
    seen = f"e.ordered_on >= {day(asked.start, bind)} AND e.ordered_on <= {day(asked.today, bind)}"
    sql = f"""
        WITH won AS (SELECT *, row_number() OVER () AS who FROM ({won}) AS w),
        lived AS (
            SELECT who, unit{_of("won", asked, bind)}, c.{grain} - unit AS age,
                count(*) AS orders, sum(e.amount) AS revenue
            FROM {bind.relation("order")} AS e JOIN won ON won.id = e.customer_id
            JOIN {bind.relation(CALENDAR)} AS c ON c.date = e.ordered_on
            WHERE {kept} AND {seen}
            GROUP BY who, unit{_of("won", asked, bind)}, c.{grain}
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
            SELECT unit{names}, age, count(*) AS customers,
                CAST(sum(orders) AS {whole}) AS orders, sum(revenue) AS revenue
            FROM lived GROUP BY unit{names}, age
        )
        SELECT every.unit{_of("every", asked, bind)}, every.age, every.customers, orders, revenue,
            coalesce(again.customers, 0)
        FROM every LEFT JOIN again ON again.unit = every.unit AND again.age = every.age{_same(asked, bind)}
    """
    return Statement(sql, tuple(bind.values))


def _won(asked: Asked, bind: Binder) -> str:
    names = "".join(f", u.{bind.quote(each)}" for each in asked.dimensions)
    start, end, today = (day(each, bind) for each in (asked.start, asked.end, asked.today))
    first = "u.first_purchase_on"
    conditions = [f"{first} >= {start}", f"{first} < {end}", f"{first} <= {today}"]
    conditions += restriction("u", (), (), asked.cuts, bind)
    tables = f"{bind.relation('customer')} AS u JOIN {bind.relation(CALENDAR)} AS k ON k.date = {first}"
    unit = f"k.{bind.quote(asked.grain.value)} AS unit"
    return f"SELECT u.id, {unit}{names} FROM {tables} WHERE {' AND '.join(conditions)}"


def _of(table: str, asked: Asked, bind: Binder) -> str:
    return "".join(f", {table}.{bind.quote(each)}" for each in asked.dimensions)


def _same(asked: Asked, bind: Binder) -> str:
    # an empty member equals an empty one
    same = (f"again.{each} IS NOT DISTINCT FROM every.{each}" for each in map(bind.quote, asked.dimensions))
    return "".join(f" AND {each}" for each in same)
