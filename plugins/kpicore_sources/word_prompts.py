"""What the import asks about words: at the terminal which code each unknown one is; else it tells of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import click

from kpicore import Workspace, counted, harmless
from kpicore_sources.files.coded_columns import CodedColumn, together
from kpicore_sources.files.doctor import TableCase

_MOST = 20
"""So many words of a field are asked about, the most frequent first; others are told by the load."""


def words_asked(opened: Workspace, cases: Sequence[TableCase], *, interactive: bool) -> list[TableCase]:
    """Return the cases with the codes of their words as the organisation has them, having asked where somebody answers.

    The answers are kept in kpi.toml. Without one a word of a closed field is left out by the load, which tells it.
    """
    if interactive:
        for coded in together(coded for case in cases for coded in case.coded_columns):
            if coded.unknown:
                opened.keep_words(coded.entity, coded.field.name, _answers(coded))
    heard = []
    for case in cases:
        coded_columns = tuple(coded.of(opened.registry) for coded in case.coded_columns)
        heard.append(replace(case, coded_columns=coded_columns, hints=(*case.hints, *_hints(coded_columns))))
    return heard


def _answers(coded: CodedColumn) -> Mapping[str, str]:
    words = list(coded.unknown.items())[:_MOST]
    return _exceptions(coded, words) if coded.exception else _codes(coded, words)


def _codes(coded: CodedColumn, words: Sequence[tuple[str, int]]) -> Mapping[str, str]:
    """Ask of each word which code it is, "" for none; what it is without its digits is proposed."""
    names, field = coded.codes.names, coded.field.name.replace("_", " ")
    what = "What do these words mean?" if len(words) > 1 else "What does this word mean?"
    click.echo(f"{_place(coded)}: {what}", err=True)
    for number, name in enumerate(names, start=1):
        click.echo(f"  {number:>2}  {name}", err=True)
    click.echo(f"  {len(names) + 1:>2}  none of these: left out wherever the {field} matters", err=True)
    answers = {}
    for word, rows in words:
        # "3. Won" and "Won 100%" are "Won" without them
        likely = coded.codes.code_of("".join(sign for sign in word if not sign.isdigit()))
        default = names.index(likely) + 1 if likely else None
        number = click.prompt(_shown(word, rows), type=click.IntRange(1, len(names) + 1), default=default, err=True)
        # the last number is none of the codes, which kpi.toml says with ""
        answers[word] = (*names, "")[number - 1]
    return answers


def _exceptions(coded: CodedColumn, words: Sequence[tuple[str, int]]) -> Mapping[str, str]:
    """Ask once which words are the code that does not count like all others; the rest stay as they are."""
    click.echo(f"{_place(coded)}: these count as spent on winning customers.", err=True)
    for number, (word, rows) in enumerate(words, start=1):
        click.echo(f"  {number:>2}  {_shown(word, rows)}", err=True)
    click.echo("Which of them are not, but on keeping customers, say? Enter for none.", err=True)
    chosen = click.prompt(
        "Numbers", default="", show_default=False, value_proc=lambda text: _numbers(text, len(words)), err=True
    )
    return {word: coded.exception if number in chosen else "" for number, (word, _) in enumerate(words, start=1)}


def _numbers(text: str, most: int) -> set[int]:
    parts = text.replace(",", " ").split()
    if not all(part.isdecimal() and 1 <= int(part) <= most for part in parts):
        raise click.UsageError(f"write numbers from 1 to {most}, like 1, 3")
    return {int(part) for part in parts}


def _hints(coded_columns: Sequence[CodedColumn]) -> list[str]:
    """Return what to tell of words that count like all others because nobody has said anything else."""
    hints = []
    for coded in coded_columns:
        if coded.exception and coded.unknown:
            words = list(coded.unknown.items())
            shown = ", ".join(_shown(word, rows) for word, rows in words[:5])
            more = f" and {len(words) - 5:,} more" if len(words) > 5 else ""
            section = f"[words.{coded.entity}.{coded.field.name}]"
            write = f'"{words[0][0][:40]}" = "{coded.exception}" under {section} in kpi.toml'
            hints.append(
                f"{coded.column} {shown}{more}: counted as spent on winning customers; for one that is not, write"
                f" {write}"
            )
    return hints


def _place(coded: CodedColumn) -> str:
    return f"{coded.place}, column {coded.column}"


def _shown(word: str, rows: int) -> str:
    return f"'{harmless(word, 60)}' ({counted(rows, 'rows', 'row')})"
