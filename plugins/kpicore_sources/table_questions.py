"""What the doctor asks about tables, as records: each with an id that says in which mapping its answer stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kpicore import Choice, LoadQuestion, id_of

if TYPE_CHECKING:
    from kpicore_sources.files.doctor import TableCase
    from kpicore_sources.files.mapping import TableMapping
    from kpicore_sources.files.plan import MappingQuestion

_FREE = {
    "entity": "Or any other entity.",
    "fields": "Or another column, an expression over columns, or a text such as 'EUR' for all rows.",
}
"""The sections whose answers may be others than the choices, which are the likely ones, and what is told of that."""


def table_names(cases: Sequence[TableCase], workspace: Path) -> list[str]:
    """Return for each table what the ids of its questions begin with: the file of its mapping, in the workspace.

    Tables of one mapping are told apart by their sheet, else by number, unless their columns are the same.
    """
    names, headers = list[str](), dict[str, list[frozenset[str]]]()
    for case in cases:
        file = case.file
        name = (file.relative_to(workspace) if file.is_relative_to(workspace) else file).as_posix()
        name += f"[{case.sheet.name}]" if case.sheet.name else ""
        known = headers.setdefault(name, [])
        header = frozenset(case.mapping.header)
        if header not in known:
            known.append(header)
        number = known.index(header) + 1
        names.append(f"{name}#{number}" if number > 1 else name)
    return names


def load_question(table: str, question: MappingQuestion) -> LoadQuestion:
    """Return a question about a table as the record that people, files and pages answer."""
    place, _, text = question.text.partition(": ")
    hint = _FREE.get(question.section, "")
    return LoadQuestion(
        question_id(table, question.section, question.key),
        place if text else "",
        text or place,
        tuple(Choice(choice.reading, note=choice.shown) for choice in question.choices),
        question.default,
        question.assumed,
        free=bool(hint) or not question.choices,
        hint=hint,
    )


def question_id(table: str, section: str, key: str) -> str:
    """Return the id of the question whose answer stands in the mapping of a table there.

    >>> question_id("mappings/deals.toml", "fields", "amount"), question_id("mappings/deals.toml", "keeps", "keeps")
    ('mappings/deals.toml#fields.amount', 'mappings/deals.toml#keeps')
    """
    return id_of(f"{table}#{section}", key) if key != section else id_of(f"{table}#{key}")


def kept_answers(table: str, mapping: TableMapping) -> Iterator[tuple[str, str]]:
    """Yield what a mapping says already, by the ids of the questions that would ask for it."""
    sections = {
        "entity": {"entity": mapping.entity},
        "columns": mapping.readings,
        "fields": mapping.fields,
        "ends": mapping.ends,
        "by": mapping.by,
        **{f"values.{name}": pairs for name, pairs in mapping.values.items()},
    }
    for section, entries in sections.items():
        yield from ((question_id(table, section, key), value) for key, value in entries.items())
