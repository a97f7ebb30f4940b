"""Pieces that every statement is made of: bound values, quoted names, measures as aggregates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from kpicore.engine.compile.measures import DECIMALS, SCALES, Measure
from kpicore.language import Node, row_sql
from kpicore.language.dialect import kept
from kpicore.model.expressions import Name
from kpicore.model.questions import NONE
from kpicore.model.schema import Type
from kpicore.warehouse import Warehouse


class Binder:
    """Collects the values of a statement to a warehouse, and knows how it is written: its `dialect` and its tables.

    No value ever becomes text of the statement.
    """

    def __init__(self, warehouse: Warehouse) -> None:
        self.dialect, self.relation = warehouse.dialect, warehouse.relation
        self.quote = self.dialect.quote
        self.values: list[object] = []

    def __call__(self, value: object) -> str:
        """Bind a value and return its placeholder."""
        self.values.append(value)
        return self.dialect.placeholder(len(self.values))


class Row:
    """Prints row expressions over one aliased table of a statement.

    `period` gives the SQL of period.start, period.end and period.as_of where the statement has them.
    `computed` columns are results of aggregates, which may be of any number type.
    """

    def __init__(
        self,
        alias: str,
        bind: Binder,
        settings: Mapping[str, object],
        period: Mapping[str, str] | None = None,
        *,
        computed: bool = False,
    ) -> None:
        self.alias, self.bind, self.computed, self._settings = alias, bind, computed, settings
        self._period = period or {}

    def column(self, name: str) -> str:
        """Return the SQL of a field, a setting or a bound of the period."""
        space, dot, rest = name.partition(".")
        if dot and space == "setting":
            return self.bind(self._settings[rest])
        if dot and space == "period":
            return self._period[rest]
        return f"{self.alias}.{self.bind.quote(name)}"

    def sql(self, node: Node) -> str:
        """Return the SQL of an expression."""
        return row_sql(node, column=self.column, bind=self.bind, dialect=self.bind.dialect)

    def exact(self, node: Node) -> str:
        """Return the SQL of a number that sums to the same total in any order."""
        if isinstance(node, Name) and node.type in SCALES and not self.computed:
            return self.sql(node)
        # floats would come to another sum in another order of rows, and so on another day or with more threads
        # its total has 38 digits, and times 10**9 still has: from 10**20 on DuckDB refuses it
        return f"CAST({self.sql(node)} AS DECIMAL(28, {DECIMALS}))"


def aggregates(measure: Measure, row: Row, *, filtered: bool, order: Sequence[str]) -> list[str]:
    """Return the aggregates of a measure; `filtered` when the statement already keeps its rows only."""
    where = measure.where if not filtered else None
    keep = row.sql(where) if where else ""
    if measure.word == "count" or measure.value is None:
        return [f"count(*){kept(keep)}"]
    value = whole(_value(measure, measure.value, row, order, keep), measure, row)
    return [value, *stood_on(measure, row, filtered=filtered)]


def stood_on(measure: Measure, row: Row, *, filtered: bool) -> list[str]:
    """Return how many rows of a measure have a value, how many have none, and how many have 0."""
    where, node = measure.where if not filtered else None, measure.value
    assert node is not None

    def count(what: str, condition: str = "") -> str:
        parts = [test for test in (row.sql(where) if where else "", condition) if test]
        return f"count({what}){kept(' AND '.join(f'({part})' for part in parts))}"

    is_number = node.type in (Type.MONEY, Type.NUMBER, Type.INTEGER)
    return [
        count(row.sql(node)),
        count("*", f"{row.sql(node)} IS NULL"),
        count("*", f"{row.sql(node)} = 0") if is_number else "0",
    ]


def state(measure: Measure, row: Row, order: Sequence[str]) -> str:
    """Return the aggregate that one group of rows comes to, as a plain number."""
    if measure.word == "count" or measure.value is None:
        return "count(*)"
    value = _value(measure, measure.value, row, order)
    return f"{value} / count({row.sql(measure.value)})" if measure.word == "average" else value


def whole(total: str, measure: Measure, row: Row) -> str:
    """Return a total as the whole number that cubes keep."""
    # money of 12.34 is 123400 there: whole numbers add up to the same in any order, floats do not
    return row.bind.dialect.whole(total, measure.scale) if measure.scale else total


def _value(measure: Measure, node: Node, row: Row, order: Sequence[str], keep: str = "") -> str:
    """Return the aggregate of the rows for which `keep` holds; what stands first or last has a value."""
    dialect = row.bind.dialect
    match measure.word:
        case "total" | "average":
            return f"sum({row.exact(node)}){kept(keep)}"
        case "distinct":
            return f"count(DISTINCT {row.sql(node)}){kept(keep)}"
        case "percentile":
            return dialect.percentile(row.sql(node), row.bind(measure.share), keep)
        case "latest" | "earliest":
            # an empty value is passed over: what stands first or last is the first or last that is known
            by = dialect.last_by if measure.word == "latest" else dialect.first_by
            known = f"{row.sql(node)} IS NOT NULL"
            return by(dialect.double(row.sql(node)), order, f"({keep}) AND {known}" if keep else known)
    raise ValueError(measure.word)


def restriction(
    alias: str,
    dimensions: tuple[str, ...],
    only: tuple[tuple[str, ...], ...],
    filters: tuple[tuple[str, tuple[str, ...]], ...],
    bind: Binder,
) -> list[str]:
    """Return the conditions that keep the asked members only."""
    conditions = [_is_one_of(f"{alias}.{bind.quote(name)}", values, bind) for name, values in filters]
    if only and len(dimensions) == 1:
        conditions.append(_is_one_of(f"{alias}.{bind.quote(dimensions[0])}", [value for (value,) in only], bind))
    elif only and dimensions:
        # tuples are compared whole, which null never is: an empty member is compared by the name that it goes by
        text = bind.dialect.type_of(Type.TEXT)
        columns = ", ".join(
            f"coalesce(CAST({alias}.{bind.quote(dimension)} AS {text}), '{NONE}')" for dimension in dimensions
        )
        rows = ", ".join("(" + ", ".join(bind(value) for value in values) + ")" for values in only)
        conditions.append(f"({columns}) IN ({rows})")
    return conditions


def _is_one_of(column: str, values: Sequence[str], bind: Binder) -> str:
    """Return the condition that a column holds one of the members, of which `(none)` is an empty one."""
    named = [value for value in values if value != NONE]
    conditions = [f"{column} IN ({', '.join(bind(value) for value in named)})"] if named else []
    if len(named) < len(values):
        conditions.append(f"{column} IS NULL")
    return f"({' OR '.join(conditions)})"


def day(value: date, bind: Callable[[object], str]) -> str:
    """Bind a day."""
    return f"CAST({bind(value)} AS DATE)"
