"""What a file says of the rows that earlier ones gave: it is all there is, all within some days, or only news."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from kpicore import DayRange, Field, Gone, Message, Type, Whole, day_name
from kpicore_sources.files.mapping import ALL, CHANGES, DATES_OF
from kpicore_sources.files.plan import Plan


def has_key(plan: Plan) -> bool:
    """Return whether the rows of a table have a key of their own."""
    key = plan.entity.key
    return bool(key) and (len(key) > 1 or key[0] in plan.mapping.fields)


def ends_of(
    plan: Plan, stream: str, left_out: Sequence[str], span: Callable[[Field], DayRange | None]
) -> Iterator[Message]:
    """Yield what has gone by a table, and what is all of its rows.

    `left_out` are the ids of the rows that the mapping leaves out, or what they were read as. `span` gives the days of
    a field.
    """
    if left_out:
        ids, raw = (left_out, ()) if has_key(plan) else ((), left_out)
        # its own alone: what one part of a sheet leaves out the other part may hold
        yield Gone(stream, plan.entity.name, ids=ids, raw=raw, own=True)
    if plan.mapping.keeps == CHANGES:
        return
    # Without a key a corrected row is another row: those of the same days are replaced. With one that is the answer to
    # a question, and until then what has vanished is only told.
    is_answered = bool(plan.mapping.keeps) or not has_key(plan)
    dated_by = _dated_by(plan)
    yield Whole(stream, plan.entity.name, span(dated_by) if dated_by else None, remove=is_answered)


def takes_all(plan: Plan) -> bool:
    """Return whether a table takes all rows out that it does not have, whatever their days."""
    if plan.mapping.keeps == CHANGES or (has_key(plan) and not plan.mapping.keeps):
        return False
    return plan.mapping.keeps == ALL or _dated_by(plan) is None


def _dated_by(plan: Plan) -> Field | None:
    """Return the field whose days tell what a table holds all rows of, None where it is of all days."""
    keeps = plan.mapping.keeps
    if keeps.startswith(DATES_OF):
        column = keeps.removeprefix(DATES_OF)
        inputs = (input_.field for input_ in plan.direct.values() if input_.column == column)
        return next((field for field in inputs if field.type in (Type.DATE, Type.MOMENT)), None)
    if keeps or has_key(plan):
        return None
    main = plan.entity.main_date
    fields = (field for name in plan.mapping.fields if (field := plan.entity.field(name)) is not None)
    return next((field for field in fields if main and main in (field.name, day_name(field.name))), None)
