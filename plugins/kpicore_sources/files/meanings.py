"""What columns mean by what stands in them: spellings of a field's codes, cancelled orders, types of surveys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from kpicore import Codes, Entity, quoted
from kpicore_sources.files.column_reader import ColumnReader
from kpicore_sources.files.known_words import plain
from kpicore_sources.files.profile import TEXT, Profile
from kpicore_sources.files.staging import StagedSheet

_FEW = 20
"""A column of more texts than this, none of them known, is no column of codes."""
_MOSTLY = 0.8
_MOST_WORDS = 60
_SURVEY_TYPES = (
    (
        "nps",
        ("nps", "recommend", "empfehlen", "recommander", "recomend", "consigli", "ajanlan", "recomanda", "порекоменд"),
    ),
    ("csat", ("csat", "satisf", "zufrieden", "soddisf", "elegedett", "удовлетвор")),
)
"""The survey types with words of which their question, or their file's name, has one."""


def with_coded_columns(
    reader: ColumnReader, sheet: StagedSheet, entity: Entity, fields: Mapping[str, str], profiles: Mapping[str, Profile]
) -> dict[str, str]:
    """Return the fields with those that hold nothing but codes filled by the column that speaks their words.

    A column of that name is taken but where it has many texts and none is known; else the only other column
    of which most rows hold spellings of several codes.
    """
    filled = dict(fields)
    for name, codes in _closed_fields(reader, entity):
        if (entity.name, name) == ("opportunity", "outcome"):
            filled = _with_outcome(reader, sheet, codes, filled, profiles)
        column = filled.get(name, "")
        if column in sheet.columns and not _may_speak(reader, sheet, column, codes):
            del filled[name]
        if name not in filled:
            likely = _speaking(reader, sheet, filled, profiles, codes)
            filled |= {name: likely[0]} if len(likely) == 1 else {}
    order = [field.name for field in entity.fields]
    return dict(sorted(filled.items(), key=lambda entry: order.index(entry[0])))


def undecided_columns(
    reader: ColumnReader,
    sheet: StagedSheet,
    entity: Entity,
    fields: Mapping[str, str],
    profiles: Mapping[str, Profile],
    file: Path,
) -> list[str]:
    """Return what to tell of fields that several columns could be, so that none of them is used."""
    hints = []
    for name, codes in _closed_fields(reader, entity):
        likely = _speaking(reader, sheet, fields, profiles, codes) if name not in fields else []
        if len(likely) > 1:
            which = f"{', '.join(likely[:-1])} and {likely[-1]}"
            write = f'{name} = "{likely[0]}" (or another) under [table.fields] in {file}'
            hints.append(f"{which} all hold words of {name}, so none is used: write {write} and import again")
    return hints


def _closed_fields(reader: ColumnReader, entity: Entity) -> Iterator[tuple[str, Codes]]:
    for field in entity.fields:
        if field.codes is not None and field.codes.closed and reader.words.knows(entity.name, field.name):
            yield field.name, field.codes


def _speaking(
    reader: ColumnReader, sheet: StagedSheet, fields: Mapping[str, str], profiles: Mapping[str, Profile], codes: Codes
) -> list[str]:
    """Return the columns that no field is made of and that hold spellings of the codes."""
    free = (column for column in sheet.columns if column not in fields.values())
    likely = (column for column in free if _may_be_words(profiles[column], codes))
    return [column for column in likely if _speaks(reader, sheet, column, codes)]


def _may_be_words(profile: Profile, codes: Codes) -> bool:
    """Return whether the sample lets hope for spellings: most columns of a file need not be counted then."""
    sample = profile.sample
    if profile.kind != TEXT or len(sample) > _MOST_WORDS:
        return False
    # half of the sample is enough to count all texts, of which `_speaks` then wants 80 % of the rows
    return 2 * sum(codes.code_of(text) is not None for text in sample) >= len(sample)


def _with_outcome(
    reader: ColumnReader, sheet: StagedSheet, codes: Codes, fields: Mapping[str, str], profiles: Mapping[str, Profile]
) -> dict[str, str]:
    """Return the fields with `outcome` filled by the column that says won and lost: its own, else the stage's.

    Where neither says it and no other column does, one of few texts is taken, so that they are asked about.
    """
    named = [fields[name] for name in ("outcome", "stage_id") if name in fields]
    others = {name: column for name, column in fields.items() if name != "outcome"}
    for column in (*named, *_speaking(reader, sheet, fields, profiles, codes)):
        if {codes.code_of(text) for text in reader.texts(sheet, column)} & {"won", "lost"}:
            return {**others, "outcome": column}
    few = [column for column in named if len(reader.texts(sheet, column)) <= _FEW]
    return {**others, "outcome": few[0]} if few else others


def _speaks(reader: ColumnReader, sheet: StagedSheet, column: str, codes: Codes) -> bool:
    """Return whether most rows of a column hold spellings, and of more than one code."""
    texts = reader.texts(sheet, column)
    known = {text: code for text in texts if (code := codes.code_of(text)) is not None}
    rows = sum(texts[text] for text in known)
    return len(set(known.values())) > 1 and rows >= _MOSTLY * sum(texts.values())


def _may_speak(reader: ColumnReader, sheet: StagedSheet, column: str, codes: Codes) -> bool:
    texts = reader.texts(sheet, column)
    return len(texts) <= _FEW or any(codes.code_of(text) is not None for text in texts)


def cancelled(entity: str, fields: Mapping[str, str], profiles: Mapping[str, Profile]) -> str:
    """Return a row expression for `status` where cancelled orders are told by a C before their number, or ""."""
    # Some shops mark the order that takes another one back by a C before its number.
    column = fields.get("order_id" if entity == "order_line" else "id", "")
    if entity not in ("order", "order_line") or "status" in fields or not column:
        return ""
    sample = profiles[column].sample
    marked = [text for text in sample if re.fullmatch(r"C\d+", text)]
    plain_numbers = [text for text in sample if text.isdecimal()]
    if not marked or len(plain_numbers) + len(marked) < 0.95 * len(sample) or len(marked) > len(plain_numbers):
        return ""
    name = _named(column)
    # every text that begins with C: row expressions have no LIKE
    return f"case when {name} >= 'C' and {name} < 'D' then 'cancelled' else 'completed' end"


def with_survey_type(stem: str, fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of answers with the type of the survey, where no column tells it and the question does."""
    if "score" not in fields or "type" in fields:
        return dict(fields)
    for text in (plain(fields["score"]), plain(stem)):
        types = [type_ for type_, words in _SURVEY_TYPES if any(word in text for word in words)]
        if len(types) == 1:
            return {**fields, "type": f"'{types[0]}'"}
    return dict(fields)


def _named(column: str) -> str:
    """Return a column as a row expression names it."""
    return column if re.fullmatch(r"[a-z_][a-z0-9_]*", column) else quoted(column)
