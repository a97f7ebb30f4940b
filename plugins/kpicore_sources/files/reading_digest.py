"""A short text for how a stream is read: another one means that what was kept of it is to be read again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace

from kpicore import Entity, Type
from kpicore_sources.files.known_words import KnownWords
from kpicore_sources.files.mapping import OPEN, TableMapping

_READER = 1
"""Goes up when this code reads the same file by the same mapping in another way."""


def reading_digest(table: TableMapping, entity: Entity, zone: str, words: KnownWords) -> str:
    """Return what differs exactly when the table means something else, or the zone or the words that it uses do.

    Comments, the order of entries, columns that nothing is read from, and answers that are still open say nothing.
    """
    meaning = json.dumps([_READER, _meaning(table), _types(table, entity), zone, _words(table, entity, words)])
    return hashlib.sha256(meaning.encode()).hexdigest()[:16]


def identity_digest(table: TableMapping, entity: Entity, source: str) -> str:
    """Return what differs exactly when the rows of a table are told apart otherwise, or are of another source."""
    key = {name: table.fields[name].strip() for name in entity.key if name in table.fields}
    return hashlib.sha256(json.dumps([source, table.entity, _sorted(key)]).encode()).hexdigest()[:16]


def _meaning(table: TableMapping) -> list[object]:
    # a name of a column is that column, whatever it would mean as an expression
    fields = {name: (source in table.header, source.strip()) for name, source in table.fields.items()}
    used = _used(table)
    return [
        *(table.entity, table.sheet, table.encoding, _sorted(fields)),
        _sorted({name: reading for name, reading in table.readings.items() if name in used and reading != OPEN}),
        _sorted({name: _sorted(table.meanings(name)) for name in table.values if table.meanings(name)}),
        _sorted(table.by),
        _sorted({name: end for name, end in table.ends.items() if end != OPEN}),
        sorted({condition.strip() for condition in table.leave_out}),
        *([table.source] if table.source else []),
    ]


def _types(table: TableMapping, entity: Entity) -> list[list[str]]:
    """Return what kind of value each field takes: of one's own fields kpi.toml tells."""
    fields = (field for field in entity.fields if field.name in table.fields)
    return sorted([field.name, field.type.value, field.unit, field.refers_to] for field in fields)


def _words(table: TableMapping, entity: Entity, words: KnownWords) -> list[object]:
    # what counts as empty tells rows of totals from others, whatever the fields are
    empty = [sorted(words.empty), sorted(words.empty_number), sorted(words.total)]
    has_truth = any(field.type is Type.BOOLEAN for field in entity.fields if field.name in table.fields)
    # by these words a column that stands in an expression is none of numbers
    has_expressions = bool(table.leave_out) or any(source not in table.header for source in table.fields.values())
    return [*empty, *([sorted(words.yes), sorted(words.no)] if has_truth or has_expressions else [])]


def _used(table: TableMapping) -> frozenset[str]:
    """Return the columns that fields or conditions read."""
    conditions = {str(number): condition for number, condition in enumerate(table.leave_out)}
    return table.used | replace(table, fields=conditions).used


def _sorted(pairs: Mapping[str, object]) -> list[tuple[str, object]]:
    return sorted(pairs.items())
