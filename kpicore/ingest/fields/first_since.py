"""The first value of many since a day, as SQL: one join brings all values, and each row picks its own."""

from __future__ import annotations

from kpicore.model.schema import FirstSince
from kpicore.text.sql_text import quoted


def first_join(how: FirstSince, table: str, through: str) -> str:
    """Return the join of all values on the rows of `table`; `through` is SQL for what this row refers to."""
    value, alias = quoted(how.field), _alias(how)
    return (
        f" LEFT JOIN (SELECT {quoted(how.key)} AS id, min({value}) AS first, max({value}) AS last,"
        f" list({value} ORDER BY {value}) AS every FROM {table} WHERE {value} IS NOT NULL GROUP BY 1) AS {alias}"
        f" ON {alias}.id = {through}"
    )


def first_value(how: FirstSince, since: str) -> str:
    """Return SQL for the first value not before `since`, null where there is none."""
    alias = _alias(how)
    # The list is looked through only where neither its first nor its last value decides: that is slow.
    return (
        f"CASE WHEN {alias}.first >= {since} THEN {alias}.first WHEN {alias}.last >= {since}"
        f" THEN list_filter({alias}.every, lambda x: x >= {since})[1] END"
    )


def _alias(how: FirstSince) -> str:
    return quoted(f"all {how.entity} {how.key} {how.field} by {how.through}")
