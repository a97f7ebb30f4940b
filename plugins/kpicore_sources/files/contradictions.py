"""What speaks against a kept reading where the values of a file leave it open.

A column beside it that is written alike and proves another reading; days after the day of the data; values of rows
that were loaded before, which another reading would leave as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from kpicore import Type, counted, literal
from kpicore_sources.files.by_name import Earlier
from kpicore_sources.files.column_reader import ColumnReader
from kpicore_sources.files.convert import Conversion, conversion
from kpicore_sources.files.plan import ColumnInput, Plan
from kpicore_sources.files.siblings import marks, proves
from kpicore_sources.files.typed_values import PERCENT
from kpicore_sources.files.unread import fields_of
from kpicore_sources.files.unread_cells import shown_cells

_DATED = (Type.DATE, Type.MOMENT)


@dataclass(frozen=True, slots=True)
class TwoReadings:
    """A field whose values by the kept reading and by another one stand in `table`, beside row, cell and id."""

    plan: Plan
    reader: ColumnReader
    field: str
    other: str
    table: str


def contradiction(plan: Plan, reader: ColumnReader, input_: ColumnInput, day: date | None, earlier: Earlier) -> str:
    """Return what speaks against the reading of a column that its values leave open, "" for nothing.

    `day` is the day of the data, None where it is not known; `earlier` gives what was loaded before.
    """
    kept = input_.reading.code
    others = [choice.reading for choice in input_.reading.decision.left_open if choice.reading != kept]
    beside = _proven_beside(plan, input_, others)
    if beside:
        return beside
    for other in others:
        for field in fields_of(plan, input_.column):
            two = _two_readings(plan, reader, input_, field, other)
            try:
                told = _late(two, day, earlier) or _changed(two, earlier)
            finally:
                reader.staging.query(f"DROP TABLE {two.table}")
            if told:
                return told
    return ""


def _proven_beside(plan: Plan, input_: ColumnInput, others: Sequence[str]) -> str:
    """Return which column of the same marks proves another reading."""
    likely = {reading.replace(PERCENT, "number ") for reading in others}
    for beside in (*plan.direct.values(), *plan.inputs.values()):
        decision = beside.reading.decision
        proven = decision.against or (decision.reading if proves(decision) else "")
        if beside.column == input_.column or proven.replace(PERCENT, "number ") not in likely:
            continue
        if marks(plan, beside.column) & marks(plan, input_.column):
            return f"{beside.column}, written like it, proves '{proven}'"
    return ""


def _two_readings(plan: Plan, reader: ColumnReader, input_: ColumnInput, field: str, other: str) -> TwoReadings:
    def read(given: ColumnInput) -> ColumnInput:
        if given.column != input_.column:
            return given
        return replace(given, reading=reader.read(plan.sheet, given.column, given.field, profile, other))

    profile = plan.profiles[input_.column]
    direct = {name: read(given) for name, given in plan.direct.items()}
    variant = replace(plan, direct=direct, inputs={name: read(given) for name, given in plan.inputs.items()})
    converted = _of_field(plan, reader, field)
    key = "NULL"
    if "id" in plan.direct:
        key = _of_field(replace(plan, leave_out=()), reader, "id").fields["id"]
    table = reader.staging.new_table()
    reader.staging.query(
        f"CREATE TABLE {table} AS SELECT rowid AS row, {plan.sheet.cell(input_.column)} AS cell, {key} AS id,"
        # both have the same bound values, as one expression makes both
        f" {converted.fields[field]} AS kept, {_of_field(variant, reader, field).fields[field]} AS other"
        f" FROM {plan.sheet.table} WHERE NOT ({converted.left_out})",
        converted.values,
    )
    return TwoReadings(plan, reader, field, other, table)


def _of_field(plan: Plan, reader: ColumnReader, field: str) -> Conversion:
    ends = {name: end for name, end in plan.mapping.ends.items() if name == field}
    mapping = replace(plan.mapping, fields={field: plan.mapping.fields[field]}, ends=ends)
    return conversion(replace(plan, mapping=mapping), reader)


def _late(two: TwoReadings, day: date | None, earlier: Earlier) -> str:
    """Return what is told of days after the day of the data, where the other reading has fewer or no row had one."""
    target = two.plan.entity.field(two.field)
    if day is None or target is None or target.type not in _DATED or target.plan:
        return ""
    query, after = two.reader.staging.query, f"> {literal(day.isoformat())}::DATE"
    late = f"{_day(two, 'kept')} {after}"
    ((kept, other),) = query(
        f"SELECT count(*) FILTER (WHERE {late}), count(*) FILTER (WHERE {_day(two, 'other')} {after}) FROM {two.table}"
    )
    if not kept or (other >= kept and _was_late(two, after, earlier)):
        return ""
    rows = query(f"SELECT cell, row FROM {two.table} WHERE {late} ORDER BY row LIMIT 3")
    than = f"by '{two.other}' {f'{other:,} do' if other > 1 else 'one does' if other else 'none does'}"
    days = counted(kept, "days lie", "day lies")
    return f"{days} after {day}, the day of the data ({', '.join(shown_cells(two.plan, rows))}); {than}"


def _was_late(two: TwoReadings, after: str, earlier: Earlier) -> bool:
    """Return whether rows loaded before have such days too, or none is known."""
    loaded = _loaded(two, earlier)
    if not loaded:
        return True
    ((known, late),) = two.reader.staging.query(
        f"SELECT count(value), count(*) FILTER (WHERE CAST(try_cast(value AS TIMESTAMP) AS DATE) {after}) FROM {loaded}"
    )
    return not known or bool(late)


def _changed(two: TwoReadings, earlier: Earlier) -> str:
    """Return what is told where rows loaded before would change, and most of them stay as they are by the other."""
    loaded = _loaded(two, earlier)
    if not loaded:
        return ""
    query = two.reader.staging.query
    pairs = (
        f"FROM {two.table} AS given JOIN {loaded} AS loaded ON loaded.id = given.id"
        " WHERE given.kept IS DISTINCT FROM given.other AND loaded.value IS NOT NULL"
    )
    as_kept, as_other = (f"{_stored(two, name)} = {_value(two, name)}" for name in ("kept", "other"))
    ((same, others),) = query(f"SELECT count(*) FILTER (WHERE {as_kept}), count(*) FILTER (WHERE {as_other}) {pairs}")
    if others <= same:
        return ""
    rows = query(f"SELECT given.cell, given.row {pairs} AND {as_other} ORDER BY given.row LIMIT 3")
    shown = ", ".join(shown_cells(two.plan, rows))
    return (
        f"{counted(others, 'rows', 'row')} loaded before would change ({shown}); by '{two.other}' they stay as they are"
    )


def _loaded(two: TwoReadings, earlier: Earlier) -> str:
    """Lay out the id and the value of the field of each row loaded before; return the table, "" where there is none."""
    rows = list(earlier(two.plan.entity.name, two.field)) if "id" in two.plan.direct else []
    if not rows:
        return ""
    import pyarrow as pa

    staging = two.reader.staging
    columns = {name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate(("id", "value"))}
    table = staging.new_table()
    staging.duckdb.register(f"{table}_rows", pa.table(columns))
    staging.query(f"CREATE TABLE {table} AS SELECT * FROM {table}_rows")
    staging.duckdb.unregister(f"{table}_rows")
    return table


def _type(two: TwoReadings, column: str) -> str:
    ((kind,),) = two.reader.staging.query(f"SELECT any_value(typeof({column})) FROM {two.table}")
    return str(kind)


def _day(two: TwoReadings, column: str) -> str:
    """Return SQL for the day of a value where the organisation is."""
    if _type(two, column).startswith("TIMESTAMP WITH"):
        return f"CAST(timezone({literal(two.reader.zone)}, {column}) AS DATE)"
    return f"CAST({column} AS DATE)"


def _stored(two: TwoReadings, column: str) -> str:
    """Return SQL for what was loaded, in the type of a value."""
    kind = _type(two, column)
    return f"try_cast(loaded.value AS {'TIMESTAMP' if kind.startswith('TIMESTAMP') else kind})"


def _value(two: TwoReadings, column: str) -> str:
    """Return SQL for a value as the load keeps it: moments in UTC."""
    kind, value = _type(two, column), f"given.{column}"
    if kind.startswith("TIMESTAMP WITH"):
        return f"timezone('UTC', {value})"
    return f"timezone('UTC', timezone({literal(two.reader.zone)}, {value}))" if kind == "TIMESTAMP" else value
