"""A plan as SQL: the typed table of its fields, and what of the staged text could not be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpicore import DUCKDB, Type, literal, quoted, row_sql
from kpicore_sources.files.column_reader import ColumnReader
from kpicore_sources.files.mapping import LAST_DAY
from kpicore_sources.files.plan import ColumnInput, Plan
from kpicore_sources.files.typed_values import UNKNOWN, trimmed_sql

ROW = "_row"


@dataclass(frozen=True, slots=True)
class Conversion:
    """SQL of each field's value over the staged table, and of the rows to leave out; `values` are bound."""

    fields: Mapping[str, str]
    left_out: str
    values: tuple[object, ...]


def conversion(plan: Plan, reader: ColumnReader) -> Conversion:
    """Return the SQL of a plan."""
    bound: list[object] = []

    def bind(value: object) -> str:
        bound.append(value)
        return f"${len(bound)}"

    def column(name: str) -> str:
        return f"({input_sql(plan, reader, plan.inputs[name])})"

    fields = {}
    for name in plan.mapping.fields:
        if name in plan.direct:
            fields[name] = _mapped(plan, name, input_sql(plan, reader, plan.direct[name]))
        else:
            target = plan.entity.field(name)
            type_ = DUCKDB.type_of(target.type if target else Type.TEXT)
            # A moment with a zone must stay an instant: the load knows what to do with it.
            sql = row_sql(plan.computed[name], column=column, bind=bind, dialect=DUCKDB)
            sql = f"TRY({sql})"  # a row in which it comes to too large a number has none
            fields[name] = sql if type_ == "TIMESTAMP" else f"try_cast({sql} AS {type_})"
        if plan.mapping.end(name) == LAST_DAY:
            # the last day becomes the first day after it, which is what an end is everywhere else
            fields[name] = f"({fields[name]} + 1)"
    conditions = [row_sql(condition, column=column, bind=bind, dialect=DUCKDB) for condition in plan.leave_out]
    left_out = " OR ".join(f"coalesce(TRY({condition}), false)" for condition in conditions) or "false"
    return Conversion(fields, left_out, tuple(bound))


def input_sql(plan: Plan, reader: ColumnReader, input_: ColumnInput) -> str:
    """Return SQL for the typed value of a column."""
    clean = reader.clean(plan.sheet, input_.column, plan.profiles[input_.column])
    return reader.values.value(plan.sheet.cell(input_.column), input_.field, input_.reading, clean)


def filled_sql(plan: Plan, reader: ColumnReader, input_: ColumnInput) -> str:
    """Return SQL that says whether a cell holds something that ought to be readable."""
    cell = plan.sheet.cell(input_.column)
    clean = reader.clean(plan.sheet, input_.column, plan.profiles[input_.column])
    if input_.field.type is Type.TEXT:
        # Of a text only bytes that its encoding does not know cannot be read.
        return "false" if clean else f"contains({cell}, chr({UNKNOWN}))"
    return f"NOT {reader.values.empty(cell, clean)}"


def _mapped(plan: Plan, name: str, value: str) -> str:
    pairs = plan.mapping.meanings(name)
    known = plan.names.get(name)
    named = f"coalesce((SELECT id FROM {known} WHERE given = {value}), {value})" if known else value
    if not pairs:
        return named
    whens = " ".join(f"WHEN {literal(text)} THEN {literal(meant)}" for text, meant in pairs.items())
    return f"CASE {value} {whens} ELSE {named} END"


def untrimmed(cell: str) -> str:
    """Return SQL that says whether trimming changes a cell that is not blank."""
    return f"{cell} <> {trimmed_sql(cell)} AND {trimmed_sql(cell)} <> ''"


def listed(names: Sequence[str]) -> str:
    """Return column names, quoted."""
    return ", ".join(map(quoted, names))
