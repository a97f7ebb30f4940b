"""What reading altered (trimmed, mapped, completed, rounded) and what was empty: told, never silent."""

from __future__ import annotations

from collections import Counter

from kpicore import Type, counted, literal
from kpicore_sources.files import numbers
from kpicore_sources.files.columns import Reader
from kpicore_sources.files.convert import listed, untrimmed
from kpicore_sources.files.mapping import LAST_DAY
from kpicore_sources.files.plan import Input, Plan
from kpicore_sources.files.staging import Staging
from kpicore_sources.files.values import trimmed_sql

_DECIMALS = {Type.MONEY: 4, Type.NUMBER: 6}


def changes(staging: Staging, reader: Reader, plan: Plan) -> tuple[str, ...]:
    """Return one line for each way in which the values of a column were altered, with their number."""
    counts: dict[str, str] = {}
    for name, each in plan.direct.items():
        cell = plan.sheet.cell(each.column)
        for told, condition in _conditions(reader, plan, name, each, cell):
            counts[told] = condition
    if not counts:
        return ()
    selected = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in counts.values())
    (found,) = staging.query(f"SELECT {selected} FROM {plan.sheet.table}")
    return tuple(counted(number, told) for told, number in zip(counts, found, strict=True) if number)


def _conditions(reader: Reader, plan: Plan, name: str, given: Input, cell: str) -> list[tuple[str, str]]:
    found = []
    column, field = given.column, given.field
    if not reader.clean(plan.sheet, column, plan.profiles[column]):
        found.append((f"values of {column} trimmed", untrimmed(cell)))
        words = reader.words.empty if field.type is Type.TEXT else (*reader.words.empty, *reader.words.empty_number)
        listed_words = ", ".join(literal(word) for word in words)
        found.append(
            (
                f"values of {column} taken for empty (N/A and the like)",
                f"lower({trimmed_sql(cell)}) IN ({listed_words})",
            )
        )
    pairs = {given: meant for given, meant in plan.mapping.meanings(name).items() if given != meant}
    if pairs:
        texts = ", ".join(literal(pair) for pair in pairs)
        shown = ", ".join(f"{one} → {two}" for one, two in list(pairs.items())[:3])
        found.append((f"values of {column} replaced by the mapping ({shown})", f"{trimmed_sql(cell)} IN ({texts})"))
    if plan.mapping.ends.get(name) == LAST_DAY:
        told = f"values of {column} moved from the last day to the day after it"
        found.append((told, f"NOT {reader.values.empty(cell)}"))
    if any("%y" in each.text for each in given.reading.formats):
        found.append(
            (f"two-digit years of {column} completed", f"{cell} <> '' AND NOT regexp_matches({cell}, '\\d{{4}}')")
        )
    if field.type in _DECIMALS:
        mark = "," if given.reading.code.endswith(numbers.COMMA.removeprefix("number ")) else "."
        kept = _DECIMALS[field.type]
        # Digits alone count: a currency may stand behind them.
        longer = literal(f"[{mark}][0-9]{{{kept + 1}}}")
        found.append((f"values of {column} rounded to {kept} decimals", f"regexp_matches({cell}, {longer})"))
    return found


def empties(staging: Staging, plan: Plan, typed: str) -> tuple[str, ...]:
    """Return notes on fields that are empty in some rows, and on amounts that are zero."""
    names = [name for name in plan.mapping.fields if name not in plan.entity.key]
    if not names:
        return ()
    counts = ", ".join(f"count({listed([name])})" for name in names)
    (found,) = staging.query(f"SELECT count(*), {counts} FROM {typed}")
    rows = int(found[0])
    notes = []
    for name, filled in zip(names, found[1:], strict=True):
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
