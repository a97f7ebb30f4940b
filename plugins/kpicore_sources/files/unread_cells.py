"""The cells of a table that its readings do not read: how many of a column, and which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kpicore import Type
from kpicore_sources.files.column_reader import ColumnReader
from kpicore_sources.files.convert import conversion, filled_sql, input_sql
from kpicore_sources.files.plan import ColumnInput, Plan
from kpicore_sources.files.table_foot import remark_rows, total_rows

_FEW, _SHARE, _SMALL = 3, 0.01, 1 / 3
"""No more cells than this or no greater share of them are a few; in a small file no more than the last share."""
_SAMPLE = 50_000
"""Of so many rows it is told whether a column is worth counting through."""
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class UnreadCells:
    """The cells of a column that hold something, and how many of them give nothing; `shown` are some, with lines."""

    input: ColumnInput
    unread: int
    filled: int
    shown: tuple[str, ...] = ()

    @property
    def many(self) -> bool:
        """Whether more than a few are unread.

        >>> [UnreadCells(..., unread, filled).many for unread, filled in ((3, 99), (4, 200), (4, 400), (1, 2), (1, 3))]
        [False, True, False, True, False]
        """
        return (self.unread > _FEW and self.unread > _SHARE * self.filled) or self.unread > _SMALL * self.filled


def much_unread(plan: Plan, reader: ColumnReader, inputs: Sequence[ColumnInput]) -> list[UnreadCells]:
    """Return what is told of the columns of which more than a few cells are unread, of rows that are to be loaded."""
    step = max(1, plan.sheet.rows // _SAMPLE)
    if step > 1:
        # half of the share, as a sample may have fewer of them than all rows have
        likely = _counts(plan, reader, inputs, f"hash(rowid) % {step} = 0")
        inputs = [cells.input for cells in likely if 2 * cells.unread > _SHARE * cells.filled]
    many = [cells for cells in _counts(plan, reader, inputs, "true") if cells.many]
    foot = (*total_rows(reader.staging, plan, reader.words), *remark_rows(reader.staging, plan.sheet)) if many else ()
    where = f"rowid NOT IN ({', '.join(map(str, foot))})" if foot else "true"
    if foot:
        many = [cells for cells in _counts(plan, reader, [cells.input for cells in many], where) if cells.many]
    return [replace(cells, shown=_shown(plan, reader, cells.input, where)) for cells in many]


def _counts(plan: Plan, reader: ColumnReader, inputs: Sequence[ColumnInput], where: str) -> list[UnreadCells]:
    conditions = [(_filled(plan, reader, input_), _unread(plan, reader, input_)) for input_ in inputs]
    if not conditions:
        return []
    left_out, values = _left_out(plan, reader)
    counts = ", ".join(
        f"count(*) FILTER (WHERE {unread}), count(*) FILTER (WHERE {filled})" for filled, unread in conditions
    )
    (row,) = reader.staging.query(f"SELECT {counts} FROM {plan.sheet.table} WHERE NOT ({left_out}) AND {where}", values)
    pairs = zip(inputs, row[::2], row[1::2], strict=True)
    return [UnreadCells(input_, int(unread), int(filled)) for input_, unread, filled in pairs]


def _shown(plan: Plan, reader: ColumnReader, input_: ColumnInput, where: str) -> tuple[str, ...]:
    left_out, values = _left_out(plan, reader)
    cell, unread = plan.sheet.cell(input_.column), _unread(plan, reader, input_)
    rows = reader.staging.query(
        f"SELECT {cell}, rowid FROM {plan.sheet.table} WHERE NOT ({left_out}) AND {where} AND {unread}"
        f" ORDER BY rowid LIMIT {_SHOWN}",
        values,
    )
    return shown_cells(plan, rows)


def shown_cells(plan: Plan, rows: Sequence[tuple[object, int]]) -> tuple[str, ...]:
    """Return cells, given with the numbers of their rows, as a person is shown them: with their lines."""
    lines = plan.sheet.lines([row for _, row in rows])
    shown = ((str(cell)[:40], lines.get(row)) for cell, row in rows)
    return tuple(f"{cell!r}" + (f" (line {line})" if line else "") for cell, line in shown)


def _filled(plan: Plan, reader: ColumnReader, input_: ColumnInput) -> str:
    clean = reader.clean(plan.sheet, input_.column, plan.profiles[input_.column])
    return f"NOT ({reader.values.empty(plan.sheet.cell(input_.column), clean)})"


def _unread(plan: Plan, reader: ColumnReader, input_: ColumnInput) -> str:
    filled = filled_sql(plan, reader, input_)
    # of a text only its letters can be unreadable, and then its value is null in any case
    return (
        f"({filled})" if input_.field.type is Type.TEXT else f"({filled} AND {input_sql(plan, reader, input_)} IS NULL)"
    )


def _left_out(plan: Plan, reader: ColumnReader) -> tuple[str, Sequence[object]]:
    bare = conversion(replace(plan, mapping=replace(plan.mapping, fields={}, ends={})), reader)
    return bare.left_out, bare.values
