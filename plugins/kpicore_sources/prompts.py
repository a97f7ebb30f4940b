"""What an import asks, and what becomes of the answers: the doctor's questions, and what plugins ask of the data."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

import click

from kpicore import (
    Asker,
    BadDefinition,
    Interview,
    KpiError,
    LoadAnswer,
    LoadQuestion,
    Workspace,
    harmless,
    terminal_asker,
)
from kpicore_sources.files.doctor import Doctor, TableCase
from kpicore_sources.files.kept_mappings import amend_mapping, take_back, write_mapping
from kpicore_sources.files.plan import MappingQuestion
from kpicore_sources.table_questions import load_question, question_id, table_names


def settled(doctor: Doctor, cases: Sequence[TableCase], ask: Interview, workspace: Path) -> list[TableCase]:
    """Return the cases with their questions answered, as far as somebody answers them. Nothing is written."""
    named = zip(table_names(cases, workspace), cases, strict=True)
    # again: with an answer another column may be a reference, and names are joined only once all plans stand
    return doctor.together([_settled(doctor, case, ask, table) for table, case in named])


def _settled(doctor: Doctor, case: TableCase, ask: Interview, table: str) -> TableCase:
    """Ask until nothing is open, or nobody knows more: an answer may open another question."""
    passed = set[str]()
    while parts := _next_parts(case, table, passed):
        # one text may ask for two fields; the doctor would be content with the first
        for question in parts:
            record = load_question(table, question, part=len(parts) > 1)
            case = _asked(doctor, case, ask, question, record)
            passed.add(record.id)
    return case


def _next_parts(case: TableCase, table: str, passed: Collection[str]) -> list[MappingQuestion]:
    """Return the next question that was not asked yet, with those that ask by the same text."""
    new = [question for question in case.questions if question_id(table, question.section, question.key) not in passed]
    return [question for question in new if question.text == new[0].text]


def _asked(
    doctor: Doctor, case: TableCase, ask: Interview, question: MappingQuestion, record: LoadQuestion
) -> TableCase:
    """Return the case with the answer, if there is one. A person whose answer cannot be is asked again."""
    while True:
        answer = ask(record)
        try:
            return _answered(doctor, case, question, answer, told=ask.was_given(record) or bool(record.default))
        except KpiError as error:  # a text that is no column, say
            if not ask.was_given(record):
                raise
            ask.refused(record, error)
            click.echo(harmless(str(error)), err=True)


def _answered(
    doctor: Doctor, case: TableCase, question: MappingQuestion, answer: LoadAnswer | None, *, told: bool
) -> TableCase:
    if not isinstance(answer, str):
        return case
    return doctor.answered(case, question, answer) if told else doctor.assumed(case, question)


def save(cases: Iterable[TableCase]) -> list[Path]:
    """Write the new mappings, put answers into those that were there; return the new files."""
    cases = list(cases)
    for case in cases:
        if case.kept and case.answers:
            amend_mapping(case.file, case.number, case.answers)
    new = sorted((case for case in cases if not case.kept), key=lambda case: str(case.file))
    written = []
    for file, group in groupby(new, key=lambda case: case.file):
        tables = list(group)
        write_mapping(file, tables[0].path.name, [table.mapping for table in tables])
        written.append(file)
    return written


@contextmanager
def new_mappings_taken_back(cases: Sequence[TableCase], *, agreed: bool) -> Iterator[None]:
    """Take new mappings back when the load fails, unless a person `agreed` to them: nobody has looked at them.

    The next import proposes again, with the words that are known by then.
    """
    try:
        yield
    except BaseException:
        for case in cases:
            if not case.kept and not agreed:
                take_back(case.file, [case.mapping])
        raise


def ask_questions(workspace: Workspace, ask: Asker | None = None) -> None:
    """Ask what plugins want to know of the data that was loaded, unless it is known, and let them keep the answers."""
    ask = ask or terminal_asker()
    for question in workspace.registry.import_questions:
        try:
            for record in question.asked(workspace):
                answer = ask(record)
                if answer is not None:
                    question.answered(workspace, record, answer)
        except BadDefinition as error:  # of a broken plugin: the others ask all the same
            click.echo(str(error), err=True)
