"""Roll-ups as SQL: one aggregate over the rows of another entity that refer to a row."""

from __future__ import annotations

from collections.abc import Callable

from kpicore.errors import BadDefinition
from kpicore.expressions import Node, row_sql
from kpicore.inputs import Aggregate
from kpicore.load.fillings import Filling

Column = Callable[[str], str]
Bind = Callable[[object], str]


def rolled_up(filling: Filling, aggregate: Aggregate, column: Column, bind: Bind, order: Filling | None = None) -> str:
    """Return the aggregate. Over no rows a count is 0 and anything else null: the field stays empty.

    Of rows at the same instant the value of `order` decides, where another filling shall take the same row.
    """

    def sql(node: Node | None) -> str:
        return "" if node is None else row_sql(node, column=column, bind=bind)

    call = _call(filling, aggregate, sql, (order or filling).value)
    conditions = [
        each for each in (sql(filling.where), f"{sql(filling.when)} IS NOT NULL" if filling.when else "") if each
    ]
    return f"{call} FILTER (WHERE {' AND '.join(conditions)})" if conditions else call


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
    if word in ("earliest", "latest"):
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
    function = "arg_min_null" if word == "earliest" else "arg_max_null"
    return f"{function}({sql(filling.value)}, row({sql(filling.when)}, {sql(order)}))"
