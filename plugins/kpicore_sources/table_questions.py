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


def load_question(table: str, question: MappingQuestion, *, part: bool = False) -> LoadQuestion:
    """Return a question about a table as the record that people, files and pages answer.

    It is a `part` where others are asked below the same text.
    """
    place, _, text = question.text.partition(": ")
    return LoadQuestion(
        question_id(table, question.section, question.key),
        place if text else "",
        text or place,
        # 'EUR' in quotes is the text EUR in all rows: the quotes are the mapping's
        tuple(Choice(choice.reading, choice.reading.strip("'"), choice.shown) for choice in question.choices),
        question.default,
        question.assumed,
        free=question.section in ("entity", "fields") or not question.choices,
        hint=_hint(question),
        label=question.key if part else "",
    )


def _hint(question: MappingQuestion) -> str:
    """Return what else can be answered than the choices, which are the likely ones."""
    if question.section == "entity":
        return "Or any other entity."
    if not question.choices:
        return "A column, or a text such as 'EUR' for all rows."
    if question.section != "fields" or question.choices[0].reading.startswith("'"):
        return ""
    return "Or another column, or an expression over columns."


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
        **({"keeps": {"keeps": mapping.keeps}} if mapping.keeps else {}),
        "columns": mapping.readings,
        "fields": mapping.fields,
        "ends": mapping.ends,
        "by": mapping.by,
        **{f"values.{name}": pairs for name, pairs in mapping.values.items()},
    }
    for section, entries in sections.items():
        yield from ((question_id(table, section, key), value) for key, value in entries.items())
