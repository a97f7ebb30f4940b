"""Roll-ups as SQL: one aggregate over the rows of another entity that refer to a row."""

from __future__ import annotations

from collections.abc import Callable

from kpicore.errors import BadDefinition
from kpicore.ingest.fields.dated_rows import Until
from kpicore.ingest.fields.derivations import AT_THE_EDGE, Filling
from kpicore.language import Dialect, Node, row_sql
from kpicore.language.dialect import kept
from kpicore.model.inputs import Aggregate
from kpicore.model.schema import Type

Column = Callable[[str], str]
Bind = Callable[[object], str]


def rolled_up(
    filling: Filling,
    aggregate: Aggregate,
    column: Column,
    bind: Bind,
    dialect: Dialect,
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
        return "" if node is None else row_sql(node, column=column, bind=bind, dialect=dialect)

    decides = (order or filling).value
    call = _call(filling, aggregate, sql, decides, dialect)
    conditions = [sql(filling.where)] if filling.where else []
    if filling.when and decides and decides.type is Type.TEXT:
        conditions.append(f"{sql(decides)} IS NOT NULL")

    def over(*more: str) -> str:
        return call(" AND ".join((*conditions, *more)))

    return over() if filling.dating is None or until is None else filling.dating.kept(over, until, sql)


def _call(
    filling: Filling, aggregate: Aggregate, sql: Callable[[Node | None], str], order: Node | None, dialect: Dialect
) -> Callable[[str], str]:
    """Return what gives the aggregate of the rows for which a condition holds, of all where it is ""."""
    word, value = aggregate.word, filling.value
    if word == "count":
        return lambda keep: f"count(*){kept(keep)}"
    if value is None:
        raise BadDefinition(f"field '{filling.entity}.{filling.field.name}'", f"'{word}' needs a value to roll up")
    printed = sql(value)
    match word:
        case "total":
            return lambda keep: f"sum({printed}){kept(keep)}"
        case "distinct":
            return lambda keep: f"count(DISTINCT {printed}){kept(keep)}"
        case "average":
            return lambda keep: f"avg({dialect.double(printed)}){kept(keep)}"
        case "percentile" if aggregate.share >= 1:
            return lambda keep: f"max({printed}){kept(keep)}"
        case "percentile":
            return lambda keep: dialect.percentile(printed, repr(float(aggregate.share)), keep)
        case _ if word in AT_THE_EDGE:
            return _at_the_edge(word, filling, sql, order, dialect)
    raise BadDefinition(f"field '{filling.entity}.{filling.field.name}'", f"'{word}' cannot be rolled up")


def _at_the_edge(
    word: str, filling: Filling, sql: Callable[[Node | None], str], order: Node | None, dialect: Dialect
) -> Callable[[str], str]:
    if filling.value == filling.when:
        value = sql(filling.value)
        return lambda keep: f"{'min' if word == 'earliest' else 'max'}({value}){kept(keep)}"
    # Of rows at the same instant the smallest or largest value counts, so that the answer is always the same.
    by, last = (dialect.first_by, "IS NULL") if word == "earliest" else (dialect.last_by, "IS NOT NULL")
    value, when, decides = sql(filling.value), sql(filling.when), sql(order)
    return lambda keep: by(value, (f"{when} {last}", when, decides), keep)
