"""The doctor's questions: answered at the terminal or by their defaults, else left open with one clear line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

import click

from kpicore import BadConfig
from kpicore_sources.files.doctor import Case, Doctor
from kpicore_sources.files.kept import amend_mapping, write_mapping
from kpicore_sources.files.plan import Question


def settled(doctor: Doctor, cases: Sequence[Case], *, interactive: bool, yes: bool = False) -> list[Case]:
    """Return the cases with their questions answered, and save the mappings. With `yes` some answers are assumed.

    Raises: BadConfig naming what to write and where, when a question stays open.
    """
    found = [_settled(doctor, case, interactive, yes) for case in cases]
    found = doctor.together(found)
    save(found)
    _refuse_open(found)
    return found


def _settled(doctor: Doctor, case: Case, interactive: bool, yes: bool) -> Case:
    for _ in range(1000):  # an answer may open another question, but never without end
        question = next((each for each in case.questions if _is_answered(each, interactive, yes)), None)
        if question is None:
            return case
        if interactive or question.default:
            answer = _asked(question) if interactive else question.default
            case = doctor.answered(case, question, answer)
        else:
            case = doctor.assumed(case, question)
    return case


def _is_answered(question: Question, interactive: bool, yes: bool) -> bool:
    return bool(question.default or (interactive and question.choices) or (yes and question.assumed))


def _asked(question: Question) -> str:
    click.echo(question.text, err=True)
    for number, each in enumerate(question.choices, start=1):
        click.echo(f"  {number}  {each.reading}" + (f"  ({each.shown})" if each.shown else ""), err=True)
    answers = [choice.reading for choice in question.choices]
    proposed = question.default or question.assumed
    default = answers.index(proposed) + 1 if proposed in answers else None
    number = click.prompt("Number", type=click.IntRange(1, len(answers)), default=default, err=True)
    return answers[number - 1]


def save(cases: Iterable[Case]) -> list[Path]:
    """Write the new mappings, put answers into those that were there; return the new files."""
    cases = list(cases)
    for case in cases:
        if case.kept and case.answers:
            amend_mapping(case.file, case.sheet, case.answers)
    new = sorted((each for each in cases if not each.kept), key=lambda each: str(each.file))
    written = []
    for file, group in groupby(new, key=lambda each: each.file):
        tables = list(group)
        write_mapping(file, tables[0].path.name, [table.mapping for table in tables])
        written.append(file)
    return written


@contextmanager
def new_mappings_taken_back(cases: Sequence[Case], *, agreed: bool) -> Iterator[None]:
    """Take new mappings back when the load fails, unless a person `agreed` to them: nobody has looked at them.

    The next import proposes again, with the words that are known by then.
    """
    try:
        yield
    except BaseException:
        for file in {case.file for case in cases if not case.kept and not agreed}:
            file.unlink(missing_ok=True)
        raise


def _refuse_open(cases: Sequence[Case]) -> None:
    still = [(case, question) for case in cases for question in case.questions]
    if not still:
        return
    case, question = still[0]
    place = f"{question.key} under [table.{question.section}]"
    ways = " or ".join(
        f'"{choice.reading}"' + (f" ({choice.shown})" if choice.shown else "") for choice in question.choices
    )
    marked = sum(each.section != "fields" for _, each in still[1:])
    more = f' {marked} more are marked "?".' if marked else ""
    write = f"Write {ways} for {place}."
    if question.section == "entity":
        # A mapping whose entity is written by hand has no columns proposed; with --entity it has.
        likely = ", ".join(choice.reading for choice in question.choices) or "opportunity, order, customer"
        write = f"Delete that file and say it: --entity with {likely} or another.{more} Nothing was loaded."
        raise BadConfig(case.file, question.text.rstrip("?"), hint=write)
    if not ways:
        write = f"Write a column, or a text such as \"'EUR'\" for all rows, for {place}."
    raise BadConfig(case.file, question.text.rstrip("?"), hint=f"{write}{more} Then import again; nothing was loaded.")
