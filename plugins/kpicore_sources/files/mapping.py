"""A mapping: how the columns of a file become the fields of an entity. Kept as TOML for people to review."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kpicore import BadConfig, given_twice, toml, toml_document, toml_text

OPEN = "?"
"""Stands where a person must decide."""
LAST_DAY, DAY_AFTER = "last day", "day after"
"""What a date that ends something holds: the last day of it, or the first day after."""
ALL, CHANGES, DATES_OF = "all", "changes", "dates of "
"""What a file holds of the rows that there are: all of them, only new and changed ones, all within days of a column."""
ELSE_UNREAD, ALWAYS = "else unread", "always"
"""What may stand behind a reading, after ", ": that cells which are none of it stay unread, however many there are;
that it is meant for all files whose values leave it open, whatever speaks against it there."""
_ANY_READING = (OPEN, "number", "date")
"""Stand before these where each file tells by itself how it is written."""
_PROVES_NOTHING = re.compile(
    r"""^(?:[\w-]+|"(?:[^"\\]|\\.)*")[ ]=[ ]"(?:number[ ]1,234[.]56"[ ]{2}[#][ ]whole[ ]numbers
    |percent[ ][^"]*"[ ]{2}[#][ ]'.*'[ ]is[ ]above[ ]1
    |date[ ]year-month-day"[ ]{2}[#][ ](?:no[ ]values|'.*'[ ]has[ ]its[ ]year[ ]first)
    |date[ ]day-month-year"[ ]{2}[#][ ](?:every[ ]order[ ]gives[ ]the[ ]same[ ]dates|'.*'[ ]names[ ]its[ ]month)
    )(?:[ ]\(line[ ]\d+\))?\r?$""",
    re.MULTILINE | re.VERBOSE,
)
"""A reading with its evidence as earlier versions wrote both, where that tells nothing about other files."""
_WORD = re.compile(r"""'(?:[^']|'')*'|"(?P<quoted>(?:[^"]|"")+)"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)""")
_KEYS = {
    *("sheet", "entity", "header", "empty", "encoding", "leave_out", "keeps", "source"),
    *("columns", "fields", "ends", "values", "by"),
}


@dataclass(frozen=True, slots=True)
class TableMapping:
    """How one table is read.

    `entity` is "" for a table that is not imported. `readings` tell how columns are written;
    `fields` give each field its column, or a row expression over columns; `values` replace texts
    of a field; `by` says of a reference that holds names which field of the other entity they are;
    `ends` say of a date that ends something whether it holds the last day or the first day after;
    rows for which an expression of `leave_out` is true are left out. `empty` are the columns in which
    nothing stood, so that nothing is decided about them. `notes` are the comments
    beside entries, by entry ("fields.amount"); `unused` the columns that a comment names as not used, and
    `untold` those of which a comment says how they are read in this file, as it tells nothing about others.
    `keeps` tells what a file holds of the rows that there are, "" as long as nobody has said. `source` is the one whose
    rows they are, "" for that of the files.
    """

    entity: str
    header: tuple[str, ...]
    sheet: str = ""
    encoding: str = ""
    readings: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    by: Mapping[str, str] = field(default_factory=dict)
    ends: Mapping[str, str] = field(default_factory=dict)
    leave_out: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    untold: Mapping[str, str] = field(default_factory=dict)
    keeps: str = ""
    source: str = ""

    @property
    def used(self) -> frozenset[str]:
        """The columns that fields are read from, by themselves or in an expression."""
        return frozenset(
            name
            for source in self.fields.values()
            for name in ([source] if source in self.header else _names(source))
            if name in self.header
        )

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns of the header without which the table cannot be read."""
        read = self.reads(self.header)
        return tuple(name for name in self.header if name in read)

    def reads(self, columns: Sequence[str]) -> frozenset[str]:
        """Return which of the columns fields are read from, or rows are left out by."""
        sources = (*self.fields.values(), *self.leave_out)
        named = {name for source in sources for name in ([source] if source in columns else _names(source))}
        return frozenset(named.intersection(columns))

    def reading(self, column: str) -> str:
        """Return how a column is written, "" where that is open or each file tells."""
        reading, _ = _said(self.readings.get(column, ""))
        return "" if reading in _ANY_READING else reading

    def says(self, column: str, addition: str) -> bool:
        """Return whether `addition` stands behind the reading of a column."""
        return addition in _said(self.readings.get(column, ""))[1]

    def end(self, field: str) -> str:
        """Return what a date that ends something holds, OPEN where nobody has decided, "" where nothing is said."""
        return _said(self.ends.get(field, ""))[0]

    def says_of_end(self, field: str, addition: str) -> bool:
        """Return whether `addition` stands behind what an end holds."""
        return addition in _said(self.ends.get(field, ""))[1]

    def meanings(self, field: str) -> Mapping[str, str]:
        """Return what texts of a field are replaced by, without those that nobody has decided."""
        return {text: meant for text, meant in self.values.get(field, {}).items() if meant != OPEN}


def _said(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a reading and what stands behind it."""
    parts = text.split(", ")
    additions = tuple(part for part in parts[1:] if part in (ELSE_UNREAD, ALWAYS))
    # "else unread" misspelled is a part of a reading that nobody knows, and told as one
    return ", ".join(part for part in parts if part not in additions), additions


def _names(expression: str) -> Iterator[str]:
    """Yield what can be a column in an expression: its words, and what stands in double quotes, but in no text."""
    for word in _WORD.finditer(expression):
        yield word["name"] or (word["quoted"] or "").replace('""', '"')


def read_mapping(path: Path) -> tuple[TableMapping, ...]:
    """Return the tables of a mapping file. Raises BadConfig naming file and key."""
    try:
        text = toml_text(path)
    except FileNotFoundError:
        raise BadConfig(path, "there is no such file") from None
    try:
        document = toml_document(without_unproven(text), path)
    except BadConfig as error:
        raise _named(path, error, text) from None
    tables = document.get("table")
    if not isinstance(tables, list) or not tables or set(document) != {"table"}:
        raise BadConfig(path, "expected [[table]] and nothing beside it")
    return tuple(_table(f"{path} table {number}", table) for number, table in enumerate(tables, start=1))


def without_unproven(text: str) -> str:
    """Return a mapping's text without readings that an earlier version kept though they prove nothing for other files.

    >>> without_unproven('Amount = "number 1,234.56"  # whole numbers'), without_unproven('Amount = "number 1,234.56"')
    ('', 'Amount = "number 1,234.56"')
    """
    return _PROVES_NOTHING.sub("", text)


def _named(path: Path, error: BadConfig, text: str) -> BadConfig:
    """Return the error, for a field with two columns with its name, which the parser does not tell."""
    twice = given_twice(error, text)
    if twice is None:
        return error
    line, key = twice
    hint = "Keep one of them; a field may be an expression over several columns."
    return BadConfig(path, f"line {line} gives {key} a second time", hint=hint)


def _table(place: str, table: Mapping[str, Any]) -> TableMapping:
    for key in table:
        if key not in _KEYS:
            raise BadConfig(place, f"no key is named '{key}'", hint=f"Known: {', '.join(sorted(_KEYS))}.")
    values = table.get("values", {})
    if not isinstance(values, dict):
        raise BadConfig(f"{place} values", "expected tables [table.values.FIELD]")
    return TableMapping(
        entity=_text(place, "entity", table.get("entity", "")),
        header=_texts(place, "header", table.get("header", [])),
        sheet=_text(place, "sheet", table.get("sheet", "")),
        encoding=_text(place, "encoding", table.get("encoding", "")),
        readings=_pairs(place, "columns", table.get("columns", {})),
        fields=_pairs(place, "fields", table.get("fields", {})),
        values={name: _pairs(place, f"values.{name}", pairs) for name, pairs in values.items()},
        by=_pairs(place, "by", table.get("by", {})),
        ends=_pairs(place, "ends", table.get("ends", {})),
        leave_out=_texts(place, "leave_out", table.get("leave_out", [])),
        empty=_texts(place, "empty", table.get("empty", [])),
        keeps=_keeps(place, table),
        source=_text(place, "source", table.get("source", "")),
    )


def _keeps(place: str, table: Mapping[str, Any]) -> str:
    keeps = _text(place, "keeps", table.get("keeps", ""))
    column = keeps.removeprefix(DATES_OF)
    if keeps in ("", ALL, CHANGES) or (column != keeps and column in table.get("header", [])):
        return keeps
    hint = f'Write "{ALL}", "{CHANGES}" or "{DATES_OF}" and one of its columns.'
    raise BadConfig(f"{place} keeps", f"it cannot be '{keeps}'", hint=hint)


def _text(place: str, key: str, value: object) -> str:
    if not isinstance(value, str):
        raise BadConfig(f"{place} {key}", f"expected a text in quotes, not {value!r}")
    return value


def _texts(place: str, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise BadConfig(f"{place} {key}", "expected a list of texts")
    return tuple(_text(place, key, text) for text in value)


def _pairs(place: str, key: str, table: object) -> Mapping[str, str]:
    if not isinstance(table, dict):
        raise BadConfig(f"{place} {key}", f"expected a table [table.{key}]")
    return {name: _text(place, f"{key}.{name}", value) for name, value in table.items()}


def mapping_text(file: str, tables: Sequence[TableMapping]) -> str:
    """Return the TOML of a mapping, with comments that say why."""
    lines = [
        f"# How {_comment(file)} is read: proposed by `kpi import`, used for files that have the columns it reads.",
        '# Edit what is wrong and import again. "?" stands where only you can decide.',
        '# [table.columns] how a column is written; [table.fields] field = "column", or an expression over columns;',
        '# [table.values.FIELD] "text in the file" = "what is loaded"; leave_out = ["expression", …] leaves rows out.',
        "# What words such as Paid or storniert mean is known, or stands in kpi.toml: [words.order.status].",
        f'# [table.ends] field = "{LAST_DAY}" of what it ends, or "{DAY_AFTER}" it.',
        '# [table.by] field = "name": the column holds names, which stand for the ids of the rows of that name.',
    ]
    return "\n".join(lines) + "\n" + tables_text(tables)


def tables_text(tables: Sequence[TableMapping]) -> str:
    """Return the TOML of tables alone, to stand behind others."""
    return "".join("\n" + "\n".join(_table_lines(table)) + "\n" for table in tables)


def _table_lines(table: TableMapping) -> list[str]:
    lines = ["[[table]]"]
    if table.sheet:
        lines.append(f"sheet = {toml(table.sheet)}")
    lines.append(_entry("entity", table.entity, table.notes.get("entity", "")))
    if table.encoding:
        lines.append(f"encoding = {toml(table.encoding)}")
    lines.append(f"header = {toml(table.header)}")
    if table.empty:
        lines.append(f"empty = {toml(table.empty)}  # nothing stood in them; one that is filled is looked at again")
    lines.append(f"leave_out = {toml(table.leave_out)}")
    lines += [f"{name} = {toml(value)}" for name in ("keeps", "source") if (value := getattr(table, name))]
    sections: list[tuple[str, Mapping[str, str]]] = [
        ("columns", table.readings),
        ("fields", table.fields),
        ("ends", table.ends),
        ("by", table.by),
    ]
    sections += [(f"values.{name}", pairs) for name, pairs in table.values.items()]
    for name, pairs in sections:
        untold = [(key, value) for key, value in table.untold.items() if name == "columns" and key not in pairs]
        if pairs or untold:
            lines += ["", f"[table.{'.'.join(_key(part) for part in name.split('.', 1))}]"]
            lines += [_entry(key, value, _note(table, name, key)) for key, value in pairs.items()]
            # a comment: read again it decides nothing
            lines += [f"# {_entry(key, value, f'each file tells: {_note(table, name, key)}')}" for key, value in untold]
    return [*lines, "", f"# Columns not used: {_comment(', '.join(table.unused))}"] if table.unused else lines


def _note(table: TableMapping, section: str, key: str) -> str:
    return table.notes.get(f"{section}.{key}", "")


def _entry(key: str, value: str, note: str) -> str:
    return f"{_key(key)} = {toml(value)}" + (f"  # {_comment(note)}" if note else "")


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else toml(name)


def _comment(text: str) -> str:
    """Return a text that cannot end its comment."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
