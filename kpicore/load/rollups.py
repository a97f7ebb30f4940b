"""Roll-ups as SQL: one aggregate over the rows of another entity that refer to a row."""

from __future__ import annotations

from collections.abc import Callable

from kpicore.entities import Type
from kpicore.errors import BadDefinition
from kpicore.expressions import Node, row_sql
from kpicore.inputs import Aggregate
from kpicore.load.dated import Until
from kpicore.load.fillings import AT_THE_EDGE, Filling

Column = Callable[[str], str]
Bind = Callable[[object], str]


def rolled_up(
    filling: Filling,
    aggregate: Aggregate,
    column: Column,
    bind: Bind,
    until: Until | None = None,
    order: Filling | None = None,
) -> str:
    """Return the aggregate. Over no rows a count is 0 and anything else null: the field stays empty.

    Rows that are dated after the day `until` are in none; without it all are taken.

    The earliest text is the first known one: rows without it are passed over. Any other value is that of the
    earliest row, for an empty end means "still open" there. A row without a date comes after all that have one. Of
    rows at the same instant the value of `order` decides, where another filling shall take the same row.
    """

    def sql(node: Node | None) -> str:
        return "" if node is None else row_sql(node, column=column, bind=bind)

    decides = (order or filling).value
    call = _call(filling, aggregate, sql, decides)
    conditions = [sql(filling.where)] if filling.where else []
    if filling.when and decides and decides.type is Type.TEXT:
        conditions.append(f"{sql(decides)} IS NOT NULL")

    def over(*more: str) -> str:
        kept = " AND ".join((*conditions, *more))
        return f"{call} FILTER (WHERE {kept})" if kept else call

    return over() if filling.dating is None or until is None else filling.dating.kept(over, until, sql)


def _call(filling: Filling, aggregate: Aggregate, sql: Callable[[Node | None], str], order: Node | None) -> str:
    word, value = aggregate.word, filling.value
    if word == "count":
        return "count(*)"
    if value is None:
        raise BadDefinition(f"field '{filling.entity}.{filling.field.name}'", f"'{word}' needs a value to roll up")
    if word == "total":
        return f"sum({sql(value)})"
    if word == "distinct":
        return f"count(DISTINCT {sql(value)})"
    if word == "average":
        return f"avg(CAST({sql(value)} AS DOUBLE))"
    if word == "percentile":
        return _percentile(sql(value), aggregate.share)
    if word in AT_THE_EDGE:
        return _at_the_edge(word, filling, sql, order)
    raise BadDefinition(f"field '{filling.entity}.{filling.field.name}'", f"'{word}' cannot be rolled up")


def _percentile(value: str, share: float) -> str:
    if share >= 1:
        return f"max({value})"
    return f"quantile_cont(CAST({value} AS DOUBLE), {float(share)!r})"


def _at_the_edge(word: str, filling: Filling, sql: Callable[[Node | None], str], order: Node | None) -> str:
    if filling.value == filling.when:
        return f"{'min' if word == 'earliest' else 'max'}({sql(filling.value)})"
    # Of rows at the same instant the smallest or largest value counts, so that the answer is always the same.
    function, last = ("arg_min_null", "IS NULL") if word == "earliest" else ("arg_max_null", "IS NOT NULL")
    when = sql(filling.when)
    return f"{function}({sql(filling.value)}, row({when} {last}, {when}, {sql(order)}))"
