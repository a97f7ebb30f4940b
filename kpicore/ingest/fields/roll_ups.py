"""What a row reads from many rows of another entity, as SQL: an aggregate of those that refer to it, or the first value
since a day."""

from __future__ import annotations

from collections.abc import Callable

from kpicore.errors import BadDefinition
from kpicore.ingest.fields.dated_rows import Until
from kpicore.ingest.fields.derivations import AT_THE_EDGE, FieldDerivation
from kpicore.language import Dialect, Node, row_sql
from kpicore.language.dialect import kept
from kpicore.model.inputs import Aggregate
from kpicore.model.schema import FirstSince, Type
from kpicore.text.sql_text import quoted

Column = Callable[[str], str]
Bind = Callable[[object], str]


def rolled_up(
    derivation: FieldDerivation,
    aggregate: Aggregate,
    column: Column,
    bind: Bind,
    dialect: Dialect,
    until: Until | None = None,
    order: FieldDerivation | None = None,
) -> str:
    """Return the aggregate. Over no rows a count is 0 and anything else null: the field stays empty.

    Rows that are dated after the day `until` are in none; without it all are taken.

    The earliest text is the first known one: rows without it are passed over. Any other value is that of the
    earliest row, for an empty end means "still open" there. A row without a date comes after all that have one. Of
    rows at the same instant the value of `order` decides, where another derivation shall take the same row.
    """

    def sql(node: Node | None) -> str:
        return "" if node is None else row_sql(node, column=column, bind=bind, dialect=dialect)

    decides = (order or derivation).value
    call = _call(derivation, aggregate, sql, decides, dialect)
    conditions = [sql(derivation.where)] if derivation.where else []
    # by the value that decides, so that a code and the word beside it come from the same row
    if derivation.when and decides and decides.type is Type.TEXT:
        conditions.append(f"{sql(decides)} IS NOT NULL")

    def over(*more: str) -> str:
        return call(" AND ".join((*conditions, *more)))

    return over() if derivation.dating is None or until is None else derivation.dating.kept(over, until, sql)


def _call(
    derivation: FieldDerivation,
    aggregate: Aggregate,
    sql: Callable[[Node | None], str],
    order: Node | None,
    dialect: Dialect,
) -> Callable[[str], str]:
    """Return what gives the aggregate of the rows for which a condition holds, of all where it is ""."""
    word, value = aggregate.word, derivation.value
    if word == "count":
        return lambda keep: f"count(*){kept(keep)}"
    if value is None:
        raise BadDefinition(
            f"field '{derivation.entity}.{derivation.field.name}'", f"'{word}' needs a value to roll up"
        )
    printed = sql(value)
    match word:
        case "total":
            return lambda keep: f"sum({printed}){kept(keep)}"
        case "distinct":
            return lambda keep: f"count(DISTINCT {printed}){kept(keep)}"
        case "average":
            return lambda keep: f"avg({dialect.double(printed)}){kept(keep)}"
        case "percentile" if aggregate.share >= 1:  # exact, where a double would round it
            return lambda keep: f"max({printed}){kept(keep)}"
        case "percentile":
            return lambda keep: dialect.percentile(printed, repr(float(aggregate.share)), keep)
        case _ if word in AT_THE_EDGE:
            return _at_the_edge(word, derivation, sql, order, dialect)
    raise BadDefinition(f"field '{derivation.entity}.{derivation.field.name}'", f"'{word}' cannot be rolled up")


def _at_the_edge(
    word: str, derivation: FieldDerivation, sql: Callable[[Node | None], str], order: Node | None, dialect: Dialect
) -> Callable[[str], str]:
    # the earliest date itself is a plain minimum: no row need be picked for it
    if derivation.value == derivation.when:
        value = sql(derivation.value)
        return lambda keep: f"{'min' if word == 'earliest' else 'max'}({value}){kept(keep)}"
    # Of rows at the same instant the smallest or largest value counts, so that the answer is always the same.
    # false comes before true: (when IS NULL, when) puts rows without a date last, and for the latest the reverse
    by, last = (dialect.first_by, "IS NULL") if word == "earliest" else (dialect.last_by, "IS NOT NULL")
    value, when, decides = sql(derivation.value), sql(derivation.when), sql(order)
    return lambda keep: by(value, (f"{when} {last}", when, decides), keep)


def first_join(how: FirstSince, table: str, through: str) -> str:
    """Return the join of all values on the rows of `table`; `through` is SQL for what this row refers to."""
    value, alias = quoted(how.field), _values_alias(how)
    return (
        f" LEFT JOIN (SELECT {quoted(how.key)} AS id, min({value}) AS first, max({value}) AS last,"
        f" list({value} ORDER BY {value}) AS every FROM {table} WHERE {value} IS NOT NULL GROUP BY 1) AS {alias}"
        f" ON {alias}.id = {through}"
    )


def first_value(how: FirstSince, since: str) -> str:
    """Return SQL for the first value not before `since`, null where there is none."""
    alias = _values_alias(how)
    # The list is looked through only where neither its first nor its last value decides: that is slow.
    return (
        f"CASE WHEN {alias}.first >= {since} THEN {alias}.first WHEN {alias}.last >= {since}"
        f" THEN list_filter({alias}.every, lambda x: x >= {since})[1] END"
    )


def _values_alias(how: FirstSince) -> str:
    return quoted(f"all {how.entity} {how.key} {how.field} by {how.through}")
