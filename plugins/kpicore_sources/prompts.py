"""Questions of an import at the terminal: the doctor's, by their defaults too, and what plugins ask of the data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

import click

from kpicore import BadConfig, BadDefinition, OrderedChoice, Workspace, harmless
from kpicore_sources.files.doctor import Doctor, TableCase
from kpicore_sources.files.kept_mappings import amend_mapping, take_back, write_mapping
from kpicore_sources.files.plan import MappingQuestion


def settled(doctor: Doctor, cases: Sequence[TableCase], *, interactive: bool, yes: bool = False) -> list[TableCase]:
    """Return the cases with their questions answered, and save the mappings. With `yes` some answers are assumed.

    Raises: BadConfig naming what to write and where, when a question stays open.
    """
    answered = [_settled(doctor, case, interactive, yes) for case in cases]
    # again: with an answer another column may be a reference, and names are joined only once all plans stand
    answered = doctor.together(answered)
    save(answered)
    _refuse_open(answered)
    return answered


def _settled(doctor: Doctor, case: TableCase, interactive: bool, yes: bool) -> TableCase:
    for _ in range(1000):  # an answer may open another question, but never without end
        question = next((question for question in case.questions if _is_answered(question, interactive, yes)), None)
        if question is None:
            return case
        if interactive or question.default:
            answer = _asked(question) if interactive else question.default
            case = doctor.answered(case, question, answer)
        else:
            case = doctor.assumed(case, question)
    return case


def _is_answered(question: MappingQuestion, interactive: bool, yes: bool) -> bool:
    return bool(question.default or (interactive and question.choices) or (yes and question.assumed))


def _asked(question: MappingQuestion) -> str:
    click.echo(question.text, err=True)
    for number, choice in enumerate(question.choices, start=1):
        click.echo(f"  {number}  {choice.reading}" + (f"  ({choice.shown})" if choice.shown else ""), err=True)
    answers = [choice.reading for choice in question.choices]
    proposed = question.default or question.assumed
    default = answers.index(proposed) + 1 if proposed in answers else None
    number = click.prompt("Number", type=click.IntRange(1, len(answers)), default=default, err=True)
    return answers[number - 1]


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


def _refuse_open(cases: Sequence[TableCase]) -> None:
    still = [(case, question) for case in cases for question in case.questions]
    if not still:
        return
    case, question = still[0]
    place = f"{question.key} under [table.{question.section}]"
    ways = " or ".join(
        f'"{choice.reading}"' + (f" ({choice.shown})" if choice.shown else "") for choice in question.choices
    )
    # in a mapping that people have edited nothing is marked
    marked = sum(question.section != "fields" and not case.kept for case, question in still[1:])
    more = f' {marked} more are marked "?".' if marked else ""
    # why this is a new mapping at all
    more += "".join(f" {note}." for note in case.header_notes if not case.kept)
    write = f"Write {ways} for {place}."
    if question.section == "entity":
        # A mapping whose entity is written by hand has no columns proposed; with --entity it has.
        likely = ", ".join(choice.reading for choice in question.choices) or "opportunity, order, customer"
        write = f"Delete that file and say it: --entity with {likely} or another.{more} Nothing was loaded."
        raise BadConfig(case.file, question.text.rstrip("?"), hint=write)
    if not ways:
        write = f"Write a column, or a text such as \"'EUR'\" for all rows, for {place}."
    raise BadConfig(case.file, question.text.rstrip("?"), hint=f"{write}{more} Then import again; nothing was loaded.")


def ask_questions(workspace: Workspace) -> None:
    """Ask what plugins want to know of the data that was loaded, unless it is known, and let them keep the answers."""
    for question in workspace.registry.import_questions:
        try:
            choice = question.asked(workspace)
            if choice is not None:
                question.answered(choice, _prompted_places(choice))
        except BadDefinition as error:  # of a broken plugin: the others ask all the same
            click.echo(str(error), err=True)


def _prompted_places(choice: OrderedChoice) -> list[int]:
    listed = (f"  {number}  {harmless(text)}" for number, text in enumerate(choice.choices, 1))
    click.echo("\n".join((harmless(choice.text), *listed, harmless(choice.hint))), err=True)
    return click.prompt(
        "Numbers", default="", show_default=False, value_proc=lambda text: _chosen_places(text, choice), err=True
    )


def _chosen_places(text: str, choice: OrderedChoice) -> list[int]:
    """Return the places that the numbers stand for. Raises UsageError, upon which the question comes again."""
    words = text.replace(",", " ").split()
    wrong = [word for word in words if not word.isdecimal() or not 1 <= int(word) <= len(choice.choices)]
    if wrong:
        raise click.UsageError(f"'{wrong[0]}' is no number from 1 to {len(choice.choices)}.")
    places = [int(word) - 1 for word in words]
    if len({*places}) < len(places):
        raise click.UsageError(choice.twice)
    return places
