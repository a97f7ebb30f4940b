"""Whether an import goes on: nothing is open, no answer is without its question, and what is proposed is agreed to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from kpicore import BadConfig, Interview, KpiError, LoadAnswer, Workspace, question_to_json, yes_or_no
from kpicore_sources.files.doctor import TableCase
from kpicore_sources.import_report import cases_json, print_proposal
from kpicore_sources.keeping_questions import KEEPS
from kpicore_sources.refused_files import AGAIN, IDS, LOSE
from kpicore_sources.table_questions import kept_answers, question_id, table_names
from kpicore_sources.word_prompts import kept_words

AGREE = yes_or_no("agree", "Import it like this?", assumed="yes")


def refuse_unknown(ask: Interview, opened: Workspace, cases: Sequence[TableCase]) -> None:
    """Refuse answers of a file that fit no question of this import. Those that are kept already are said again."""
    kept: dict[str, LoadAnswer] = {AGREE.id: AGREE.assumed}
    for table, case in zip(table_names(cases, opened.config.folder), cases, strict=True):
        kept |= kept_answers(table, case.mapping)
    kept |= kept_words(cases, opened.config.words)
    if ask.knows(AGREE.id):  # a wrong word for it is told before anything is written
        ask(AGREE)
    later = [question.name for question in opened.registry.import_questions]
    tables = table_names(cases, opened.config.folder)
    later += [question_id(table, name, name) for table in tables for name in (KEEPS, LOSE, IDS, AGAIN)]
    ask.refuse_unknown(kept, later)


def refuse_open(cases: Sequence[TableCase]) -> None:
    """Raise BadConfig naming what to write and where, when a question stays open."""
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


def agree(cases: Sequence[TableCase], ask: Interview, *, quiet: bool) -> bool:
    """Have new mappings and columns agreed to, or stop with one clear line. Return whether somebody said so."""
    new = [case for case in cases if not case.decided]
    if not new:
        return True
    if not quiet and not ask.yes:
        print_proposal(new)
    answer = ask(AGREE)
    files = list(dict.fromkeys(str(case.file) for case in new))
    if answer is None:
        what, them = ("is a proposal", "it") if len(files) == 1 else ("are proposals", "them")
        hint = f"Review {them} and import again, or add --yes. Nothing was loaded."
        raise BadConfig(", ".join(files), f"{what}, not yet agreed to", hint=hint)
    if answer == "no":
        raise click.Abort
    return ask.was_given(AGREE)


@contextmanager
def open_told(ask: Interview, cases: Sequence[TableCase], *, as_json: bool) -> Iterator[None]:
    """Print what is open as JSON too where that stops the import, so that a program can answer it."""
    try:
        yield
    except KpiError:
        if as_json:
            click.echo(open_json(ask, cases))
        raise


def open_json(ask: Interview, cases: Sequence[TableCase]) -> str:
    """Return what is open, whether to import it like this among it, and how the files would be read."""
    if not all(case.decided for case in cases):
        ask(AGREE)
    questions = [question_to_json(question) for question in ask.open]
    return json.dumps({"questions": questions, "files": cases_json(cases)}, indent=2, ensure_ascii=False)


def tell_never_asked(ask: Interview, opened: Workspace, file: Path | None) -> None:
    """Tell of answers that were kept for questions about loaded rows, and that nothing asked for."""
    for id in ask.never_asked(question.name for question in opened.registry.import_questions):
        click.echo(f"{file}: '{id}' was not asked: it is answered already, or nothing is there to ask about.", err=True)
