"""The file source: staged tables turned into typed rows, what has gone, and everything that could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from kpicore import DayRange, Field, Limit, Message, Original, Rows, Type, Unreadable, literal
from kpicore_sources.files.account import Account, changes, empties
from kpicore_sources.files.column_reader import ColumnReader
from kpicore_sources.files.convert import ROW, Conversion, conversion, filled_sql, input_sql, listed
from kpicore_sources.files.keeping import ends_of, has_key
from kpicore_sources.files.plan import ColumnInput, Plan
from kpicore_sources.files.reading_digest import identity_digest, reading_digest
from kpicore_sources.files.staging import Staging
from kpicore_sources.files.table_foot import remark_rows, total_rows
from kpicore_sources.files.unread import fields_of, mark_unread

_BATCH_ROWS = 200_000

FILES = "files"
"""The source of all files: what one refers to is found in the others."""

LOST = 0.1
"""A file by which more than this share of the rows would go, or be emptied, is asked about."""

_FEW = 2
"""So many rows may go or lose a value whatever their share: a deal that is open again has no date of closing."""

_RAW = "_raw"


@dataclass(frozen=True, slots=True)
class FileLimit:
    """What a file may do to the rows that earlier files gave before it is asked about: see `Limit`."""

    share: float = LOST
    replace: bool = False
    repeat: bool = False

    def of_stream(self, stream: str) -> Limit:
        """Return it as a source says it."""
        return Limit(stream, self.share, _FEW, self.replace, self.repeat)


@dataclass(slots=True)
class FileSource:
    """The tables of one file. `accounts` and `unreadable` are complete once the messages have been taken.

    `streams` are what their lists of rows are called, `name` is what people know the file by. Without a `limit` it may
    lose any number of rows that earlier files gave.
    """

    label: str
    staging: Staging
    reader: ColumnReader
    plans: tuple[Plan, ...]
    streams: tuple[str, ...]
    limit: FileLimit | None = FileLimit()
    name: str = FILES
    original: Path | None = None
    accounts: list[Account] = field(default_factory=list)
    _unreadable: list[Unreadable] = field(default_factory=list)

    def messages(self, cursors: Mapping[str, str]) -> Iterator[Message]:
        """Yield the rows of each table and what has gone, whatever the cursors: a file is always given whole."""
        if self.original is not None:
            yield Original(self.original, self.label)
        if self.limit is not None:
            yield from map(self.limit.of_stream, dict.fromkeys(self.streams))
        for place, (plan, stream) in enumerate(zip(self.plans, self.streams, strict=True)):
            table = TypedTable(self.staging, self.reader, plan)
            fields = table.make()
            # one sheet may be read as several tables: what cannot be read in it is told once
            told = {(refused.place, refused.line, refused.column) for refused in self._unreadable}
            self._unreadable += [
                replace(refused, stream=stream)
                for refused in table.unreadable
                if (refused.place, refused.line, refused.column) not in told
            ]
            self.accounts.append(table.account())
            beside = table.beside()
            rows = self.staging.duckdb.sql(f"SELECT {listed((*fields, *beside))} FROM {table.name}")
            inputs = (*plan.direct.values(), *plan.inputs.values())
            local = any(input_.reading.reads_in_zone(input_.field) for input_ in inputs)
            # the reader is not read yet: the load does it before it asks for the next message, then the tables may go
            reader = rows.to_arrow_reader(_BATCH_ROWS)
            named = {name.removeprefix("_"): name for name in beside}
            named |= {"reading": self._reading(plan), "identity": self._identity(plan)}
            yield Rows(stream, plan.entity.name, reader, local, **named)
            yield from ends_of(plan, stream, table.left_out_rows(), table.span)
            self.staging.query(f"DROP TABLE {table.name}")
            if all(later.sheet.table != plan.sheet.table for later in self.plans[place + 1 :]):
                self.staging.query(f"DROP TABLE {plan.sheet.table}")

    def _reading(self, plan: Plan) -> str:
        return reading_digest(plan.mapping, plan.entity, self.reader.zone, self.reader.words)

    def _identity(self, plan: Plan) -> str:
        return identity_digest(plan.mapping, plan.entity, self.name)

    def unreadable(self) -> Iterable[Unreadable]:
        """Give what could not be read."""
        return tuple(self._unreadable)


class TypedTable:
    """One table on its way from text to typed fields."""

    def __init__(self, staging: Staging, reader: ColumnReader, plan: Plan) -> None:
        self.staging, self.reader, self.plan, self.sheet = staging, reader, plan, plan.sheet
        self.name = staging.new_table()
        self.unreadable: list[Unreadable] = list(plan.sheet.refused)
        self.unread: dict[int, set[str]] = {}
        self.values = self.keyless = self.repeated = self.replaced = 0
        self.made = 0
        self.totals = total_rows(staging, plan, reader.words)
        self.remarks = tuple(row for row in remark_rows(staging, plan.sheet) if row not in self.totals)

    def make(self) -> tuple[str, ...]:
        """Make the typed table, move out of it what cannot be loaded, and return its fields."""
        converted = conversion(self.plan, self.reader)
        fields = tuple(converted.fields)
        # A column that only an expression reads is made too: else a cell that cannot be read goes untold.
        extra = {f"_input_{n}": input_sql(self.plan, self.reader, input_) for n, input_ in enumerate(self._inputs())}
        if not self.has_key:
            extra[_RAW] = self._as_read()
        columns = ", ".join(f"{sql} AS {listed([name])}" for name, sql in {**converted.fields, **extra}.items())
        foot = (*self.totals, *self.remarks)
        kept = f"NOT ({converted.left_out})" + (f" AND rowid NOT IN ({_numbers(foot)})" if foot else "")
        self.staging.query(
            f"CREATE TABLE {self.name} AS SELECT rowid AS {ROW}, {columns} FROM {self.sheet.table} WHERE {kept}",
            converted.values,
        )
        self.made = self.staging.count(self.name)
        self._keep_left_out(converted)
        failures = [*self._failed_values(), *self._short_lines()]
        self.values = len(failures)
        failures += self._remarks()
        # in this order: rows without a key would all share one, and be taken for repeated
        failures += self._rows_without_key()
        failures += self._repeated_keys(fields)
        lines = self.sheet.lines({row for row, *_ in failures}) if failures else {}
        place = self.sheet.place
        self.unreadable += [
            Unreadable(place, lines.get(row, 0), column, raw, why) for row, column, raw, why in sorted(failures)
        ]
        return fields

    def mark_unread(self) -> str:
        """Give the made table the column of the fields that could not be read; return its name, "" where all could."""
        return mark_unread(self.staging, self.name, self.unread)

    def account(self) -> Account:
        """Return the account of the table. Raises KpiError when it does not add up."""
        refused = len(self.sheet.refused)
        account = Account(
            place=self.sheet.place,
            entity=self.plan.entity.name,
            read=self.sheet.rows + refused,
            loaded=self.staging.count(self.name),
            left_out=self.sheet.rows - len(self.totals) - len(self.remarks) - self.made,
            totals=len(self.totals),
            quarantined=refused + len(self.remarks) + self.keyless + self.replaced,
            repeated=self.repeated,
            values=self.values,
            changes=changes(self.staging, self.reader, self.plan),
            notes=empties(self.staging, self.plan, self.name),
        )
        account.check()
        return account

    @property
    def has_key(self) -> bool:
        """Whether the rows have a key of their own."""
        return has_key(self.plan)

    def beside(self) -> tuple[str, ...]:
        """Return the columns that are no fields; the made table has them from now on."""
        unread = self.mark_unread()
        return (ROW, *(() if self.has_key else (_RAW,)), *((unread,) if unread else ()))

    @property
    def _out_key(self) -> str:
        """What tells which rows are left out; "" where none are, or only several columns together tell a row."""
        if not self.plan.leave_out or len(self.plan.entity.key) > 1:
            return ""
        return self.plan.entity.key[0] if self.has_key else _RAW

    def span(self, field: Field) -> DayRange | None:
        """Return the first and last day of a field, None where it has none."""
        column = listed([field.name])
        # an instant is of the day that it is where the organisation is; a local time is of its own
        types = self.staging.query(f"SELECT typeof({column}) FROM {self.name} LIMIT 1")
        is_instant = bool(types) and "TIME ZONE" in types[0][0]
        local = f"timezone({literal(self.reader.zone)}, {column})" if is_instant else column
        ((first, last),) = self.staging.query(
            f"SELECT min(CAST({local} AS DATE)), max(CAST({local} AS DATE)) FROM {self.name}"
        )
        return DayRange(field.name, first, last) if isinstance(first, date) else None

    def left_out_rows(self) -> list[str]:
        """Return the ids of the rows that the mapping leaves out and no other row has, or how the rows were read."""
        if not self._out_key:
            return []
        out, column = f"{self.name}_out", listed([self._out_key])
        rows = self.staging.query(
            f"SELECT DISTINCT {column} FROM {out} WHERE {column} IS NOT NULL"
            f" AND {column} NOT IN (SELECT {column} FROM {self.name})"
        )
        return [str(row) for (row,) in rows]

    def _keep_left_out(self, converted: Conversion) -> None:
        """Keep the rows that the mapping leaves out, by their keys: an earlier load may have taken them."""
        if not self._out_key:
            return
        sql = converted.fields[self._out_key] if self.has_key else self._as_read()
        bound = [f" AND (${number} IS NULL OR TRUE)" for number in range(1, len(converted.values) + 1)]
        self.staging.query(
            f"CREATE OR REPLACE TABLE {self.name}_out AS SELECT {sql} AS {listed([self._out_key])}"
            # every value is named: one that is bound and not used is refused
            f" FROM {self.sheet.table} WHERE {converted.left_out}{''.join(bound)}",
            converted.values,
        )

    def _as_read(self) -> str:
        """Return SQL of a row as it was read: its cells by the names of their columns, whatever their order."""
        cells = ", ".join(f"{listed([name])} := {self.sheet.cell(name)}" for name in sorted(self.sheet.columns))
        return f"CAST(to_json(struct_pack({cells})) AS VARCHAR)"

    def _inputs(self) -> list[ColumnInput]:
        return list(self.plan.inputs.values())

    def _failed_values(self) -> list[tuple[int, str, str, str]]:
        """Return (row, column, raw, reason) of the cells that hold something and gave nothing."""
        typed = {name: input_ for name, input_ in self.plan.direct.items()}
        typed.update({f"_input_{n}": input_ for n, input_ in enumerate(self._inputs())})
        conditions = {
            name: sql
            for name, input_ in typed.items()
            if (sql := filled_sql(self.plan, self.reader, input_)) != "false"
        }
        if not conditions:
            return []
        filled = ", ".join(f"count(*) FILTER (WHERE {sql})" for sql in conditions.values())
        read = ", ".join(f"count({listed([name])})" for name in conditions)
        # two counts over whole columns first: only where they differ are cells compared one by one
        (expected,) = self.staging.query(f"SELECT {filled} FROM {self.sheet.table}")
        (got,) = self.staging.query(f"SELECT {read} FROM {self.name}")
        # Where rows were left out the counts differ anyway: then the cells are looked at.
        suspects = [
            name
            for name, filled_cells, read_cells in zip(conditions, expected, got, strict=True)
            if filled_cells != read_cells
        ]
        failures: dict[tuple[int, str], tuple[int, str, str, str]] = {}
        for name in suspects:
            input_ = typed[name]
            # a column may be a text for one field and a number for another
            made = {name} if name in self.plan.direct else fields_of(self.plan, input_.column)
            cell = self.sheet.cell(input_.column)
            rows = self.staging.query(
                f"SELECT typed.{ROW}, {cell} FROM {self.name} AS typed JOIN {self.sheet.table} AS given"
                f" ON given.rowid = typed.{ROW} WHERE typed.{listed([name])} IS NULL AND {conditions[name]}"
            )
            for row, raw in rows:
                # by row and column: a column that fills two fields is told once
                failures[(row, input_.column)] = (int(row), input_.column, str(raw), _reason(input_))
                self.unread.setdefault(int(row), set()).update(made)
        return list(failures.values())

    def _short_lines(self) -> list[tuple[int, str, str, str]]:
        """Return the lines that end before a column that is used; the row is loaded without it."""
        used = [
            name
            for name in self.sheet.columns
            if any(input_.column == name for input_ in (*self.plan.direct.values(), *self._inputs()))
        ]
        if not self.sheet.ragged or not used:
            return []
        last = self.sheet.cell(used[-1])
        # a line ends for all later cells at once, so the last used column alone tells
        ((short,),) = self.staging.query(f"SELECT count(*) - count({last}) FROM {self.sheet.table}")
        if not short:
            return []
        cells = ", ".join(f"c{n}" for n in range(len(self.sheet.columns)))
        rows = self.staging.query(
            f"SELECT typed.{ROW}, {cells} FROM {self.name} AS typed JOIN {self.sheet.table} AS given"
            f" ON given.rowid = typed.{ROW} WHERE given.{last} IS NULL"
        )
        failures = []
        for row, *texts in rows:
            raw = ",".join(str(text) for text in texts if text is not None)
            missing = [name for name in used if texts[self.sheet.columns.index(name)] is None]
            failures.append((int(row), missing[0], raw, "the line ends before this cell"))
            for column in missing:
                self.unread.setdefault(int(row), set()).update(fields_of(self.plan, column))
        return failures

    def _remarks(self) -> list[tuple[int, str, str, str]]:
        if not self.remarks:
            return []
        rows = self._raw_rows(f"rowid IN ({_numbers(self.remarks)})")
        return [(row, "", raw, "stands below the table and has hardly a cell of it") for row, raw in rows]

    def _rows_without_key(self) -> list[tuple[int, str, str, str]]:
        """Take the rows out whose key is empty or could not be read."""
        key = [name for name in self.plan.entity.key if name in self.plan.mapping.fields]
        if not key:
            return []
        empty = " OR ".join(f"{listed([name])} IS NULL" for name in key)
        rows = self._raw_rows(f"rowid IN (SELECT {ROW} FROM {self.name} WHERE {empty})")
        if rows:
            self.staging.query(f"DELETE FROM {self.name} WHERE {empty}")
        self.keyless = len(rows)
        return [(row, "", raw, f"the row has no {' and '.join(key)}") for row, raw in rows]

    def _repeated_keys(self, fields: Sequence[str]) -> list[tuple[int, str, str, str]]:
        """Take the earlier ones of rows that share a key out; equal ones are only counted."""
        key = [name for name in self.plan.entity.key if name in fields]
        if len(key) < len(self.plan.entity.key):
            return []
        names = listed(key)
        ((distinct,),) = self.staging.query(
            f"SELECT count(DISTINCT {names if len(key) == 1 else f'({names})'}) FROM {self.name}"
        )
        if distinct == self.staging.count(self.name):
            return []
        self.staging.query(
            f"CREATE OR REPLACE TABLE {self.name}_again AS SELECT {ROW}, last_row, same FROM (SELECT {ROW},"
            f" max({ROW}) OVER same_key AS last_row, hash({listed(fields)}) = last_value(hash({listed(fields)})) OVER"
            f" (PARTITION BY {names} ORDER BY {ROW} ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS same"
            f" FROM {self.name} WINDOW same_key AS (PARTITION BY {names})) WHERE {ROW} < last_row"
        )
        self.repeated = int(self.staging.query(f"SELECT count(*) FROM {self.name}_again WHERE same")[0][0])
        rows = self._raw_rows(f"rowid IN (SELECT {ROW} FROM {self.name}_again WHERE NOT same)")
        self.staging.query(f"DELETE FROM {self.name} WHERE {ROW} IN (SELECT {ROW} FROM {self.name}_again)")
        self.staging.query(f"DROP TABLE {self.name}_again")
        self.replaced = len(rows)  # those that differ from the last one; equal ones lose nothing
        return [
            (row, "", raw, f"its {' and '.join(key)} comes again further down; the last one counts")
            for row, raw in rows
        ]

    def _raw_rows(self, condition: str) -> list[tuple[int, str]]:
        """Return the number and the cells of the rows of the file for which the condition is true."""
        rows: list[tuple[Any, ...]] = self.staging.query(f"SELECT rowid, * FROM {self.sheet.table} WHERE {condition}")
        return [(int(row), ",".join("" if text is None else str(text) for text in texts)) for row, *texts in rows]


def _reason(input_: ColumnInput) -> str:
    if input_.field.type is Type.TEXT:
        return "holds bytes that are none of the file's encoding"
    if input_.field.type is Type.INTEGER:
        return f"is no whole number (read as {input_.reading.code})"
    return f"is no {input_.reading.code}"


def _numbers(rows: Iterable[int]) -> str:
    return ", ".join(str(row) for row in rows)
