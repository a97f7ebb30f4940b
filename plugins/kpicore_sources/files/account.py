"""What became of the rows and values of one table: left out, altered, empty. Nothing of it is silent."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from kpicore import KpiError, Type, counted, literal
from kpicore_sources.files import numbers
from kpicore_sources.files.column_reader import ColumnReader
from kpicore_sources.files.convert import listed, untrimmed
from kpicore_sources.files.mapping import LAST_DAY
from kpicore_sources.files.plan import ColumnInput, Plan
from kpicore_sources.files.staging import Staging
from kpicore_sources.files.typed_values import trimmed_sql

_DECIMALS = {Type.MONEY: 4, Type.NUMBER: 6}


@dataclass(frozen=True, slots=True)
class Account:
    """Rows of one table: read = loaded + left out + totals + quarantined + repeated.

    `values` could not be read and were loaded empty. `changes` and `notes` are lines for a person.
    """

    place: str
    entity: str
    read: int
    loaded: int
    left_out: int = 0
    totals: int = 0
    quarantined: int = 0
    repeated: int = 0
    values: int = 0
    changes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def check(self) -> None:
        """Raises KpiError when a row is missing from the account."""
        accounted = self.loaded + self.left_out + self.totals + self.quarantined + self.repeated
        if accounted != self.read:
            raise KpiError(
                f"{self.place}: {self.read:,} rows were read, but {accounted:,} are accounted for.",
                hint="This is a defect: please report it. Nothing was loaded.",
            )


def changes(staging: Staging, reader: ColumnReader, plan: Plan) -> tuple[str, ...]:
    """Return one line for each way in which the values of a column were altered, with their number."""
    counts: dict[str, str] = {}  # all counted in one pass over the table
    for name, input_ in plan.direct.items():
        cell = plan.sheet.cell(input_.column)
        for change, condition in _conditions(reader, plan, name, input_, cell):
            # two fields may come from one column: what happened to its cells is told once
            counts[change] = condition
    if not counts:
        return ()
    selected = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in counts.values())
    (counted_changes,) = staging.query(f"SELECT {selected} FROM {plan.sheet.table}")
    return tuple(counted(number, change) for change, number in zip(counts, counted_changes, strict=True) if number)


def _conditions(reader: ColumnReader, plan: Plan, name: str, input_: ColumnInput, cell: str) -> list[tuple[str, str]]:
    conditions = []
    column, field = input_.column, input_.field
    if not reader.clean(plan.sheet, column, plan.profiles[column]):
        conditions.append((f"values of {column} trimmed", untrimmed(cell)))
        words = reader.words.empty if field.type is Type.TEXT else (*reader.words.empty, *reader.words.empty_number)
        listed_words = ", ".join(literal(word) for word in words)
        conditions.append(
            (
                f"values of {column} taken for empty (N/A and the like)",
                f"lower({trimmed_sql(cell)}) IN ({listed_words})",
            )
        )
    pairs = {text: meant for text, meant in plan.mapping.meanings(name).items() if text != meant}
    if pairs:
        texts = ", ".join(literal(pair) for pair in pairs)
        shown = ", ".join(f"{text} → {meaning}" for text, meaning in list(pairs.items())[:3])
        conditions.append(
            (f"values of {column} replaced by the mapping ({shown})", f"{trimmed_sql(cell)} IN ({texts})")
        )
    if plan.mapping.end(name) == LAST_DAY:
        change = f"values of {column} moved from the last day to the day after it"
        conditions.append((change, f"NOT {reader.values.empty(cell)}"))
    if any("%y" in format_.text for format_ in input_.reading.formats):
        conditions.append(
            (f"two-digit years of {column} completed", f"{cell} <> '' AND NOT regexp_matches({cell}, '\\d{{4}}')")
        )
    if field.type in _DECIMALS:
        # also for "percent 1.234,56"
        mark = "," if input_.reading.code.endswith(numbers.COMMA.removeprefix("number ")) else "."
        kept = _DECIMALS[field.type]
        # Digits alone count: a currency may stand behind them.
        longer = literal(f"[{mark}][0-9]{{{kept + 1}}}")
        conditions.append((f"values of {column} rounded to {kept} decimals", f"regexp_matches({cell}, {longer})"))
    return conditions


def empties(staging: Staging, plan: Plan, typed: str) -> tuple[str, ...]:
    """Return notes on fields that are empty in some rows, and on amounts that are zero."""
    names = [name for name in plan.mapping.fields if name not in plan.entity.key]
    if not names:
        return ()
    counts = ", ".join(f"count({listed([name])})" for name in names)
    (filled_counts,) = staging.query(f"SELECT count(*), {counts} FROM {typed}")
    rows = int(filled_counts[0])
    notes = []
    for name, filled in zip(names, filled_counts[1:], strict=True):
        if filled < rows:
            empty, direct = rows - filled, plan.direct.get(name)
            what = f"{direct.column} ({name} stays empty)" if direct else name
            notes.append(f"{empty:,} of {counted(rows, 'rows', 'row')} {'has' if empty == 1 else 'have'} no {what}")
    return (*notes, *_zeros(staging, plan, typed))


def _zeros(staging: Staging, plan: Plan, typed: str) -> list[str]:
    if "amount" not in plan.mapping.fields:
        return []
    by = "outcome" if "outcome" in plan.mapping.fields else "NULL"
    rows = staging.query(f"SELECT {by}, count(*) FROM {typed} WHERE amount = 0 GROUP BY ALL ORDER BY 2 DESC")
    field, zeros = plan.entity.field("outcome"), Counter[str]()
    for word, number in rows:
        code = field.codes.code_of(word) if word and field and field.codes else None
        zeros[f"{code or word or ''} ".lstrip()] += number
    return [counted(number, f"{named}rows have an amount of 0") for named, number in zeros.items() if number]
