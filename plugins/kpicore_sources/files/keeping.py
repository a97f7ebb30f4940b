"""What a file says of the rows that earlier ones gave: it is all there is, all within some days, or only news."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from kpicore import Field, Gone, Message, Span, Type, Whole, day_name, literal
from kpicore_sources.files.convert import listed
from kpicore_sources.files.mapping import ALL, CHANGES, DATES_OF

if TYPE_CHECKING:
    from kpicore_sources.files.plan import Plan
    from kpicore_sources.files.source import TypedTable


def ends_of(table: TypedTable, stream: str) -> Iterator[Message]:
    """Yield what has gone by a table, and what is all of its rows."""
    plan = table.plan
    out = table.left_out_rows()
    if out:
        ids, raw = (out, ()) if table.has_key else ((), out)
        yield Gone(stream, plan.entity.name, ids=ids, raw=raw)
    if plan.mapping.keeps == CHANGES:
        return
    # Without a key a corrected row is another row: those of the same days are replaced. With one that is the answer to
    # a question, and until then what has vanished is only told.
    is_answered = bool(plan.mapping.keeps) or not table.has_key
    yield Whole(stream, plan.entity.name, _span(table), remove=is_answered)


def takes_all(plan: Plan, *, has_key: bool) -> bool:
    """Return whether a table takes all rows out that it does not have, whatever their days."""
    if plan.mapping.keeps == CHANGES or (has_key and not plan.mapping.keeps):
        return False
    return plan.mapping.keeps == ALL or _dated_by(plan, has_key=has_key) is None


def _span(table: TypedTable) -> Span | None:
    field = _dated_by(table.plan, has_key=table.has_key)
    if field is None:
        return None
    column, zone = listed([field.name]), literal(table.reader.zone)
    # an instant is of the day that it is where the organisation is; a local time is of its own
    types = table.staging.query(f"SELECT typeof({column}) FROM {table.name} LIMIT 1")
    is_instant = bool(types) and "TIME ZONE" in types[0][0]
    day = f"CAST(timezone({zone}, {column}) AS DATE)" if is_instant else f"CAST({column} AS DATE)"
    ((first, last),) = table.staging.query(f"SELECT min({day}), max({day}) FROM {table.name}")
    return Span(field.name, first, last) if isinstance(first, date) else None


def _dated_by(plan: Plan, *, has_key: bool) -> Field | None:
    """Return the field whose days tell what a table holds all rows of, None where it is of all days."""
    keeps = plan.mapping.keeps
    if keeps.startswith(DATES_OF):
        column = keeps.removeprefix(DATES_OF)
        inputs = (input_.field for input_ in plan.direct.values() if input_.column == column)
        return next((field for field in inputs if field.type in (Type.DATE, Type.MOMENT)), None)
    if keeps or has_key:
        return None
    main = plan.entity.main_date
    fields = (field for name in plan.mapping.fields if (field := plan.entity.field(name)) is not None)
    return next((field for field in fields if main and main in (field.name, day_name(field.name))), None)
