"""What the import asks about words: at the terminal which code each unknown one is; else it tells of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import click

from kpicore import Workspace, counted, harmless, shortened
from kpicore_sources.files.doctor import Case
from kpicore_sources.files.spoken import Spoken, together

_MOST = 20
"""So many words of a field are asked about, the most frequent first; others are told by the load."""


def words_asked(opened: Workspace, cases: Sequence[Case], *, interactive: bool) -> list[Case]:
    """Return the cases with the codes of their words as the organisation has them, having asked where somebody answers.

    The answers are kept in kpi.toml. Without one a word of a closed field is left out by the load, which tells it.
    """
    if interactive:
        for each in together(spoken for case in cases for spoken in case.spoken):
            if each.unknown:
                opened.keep_words(each.entity, each.field.name, _answers(each))
    found = []
    for case in cases:
        spoken = tuple(each.of(opened.registry) for each in case.spoken)
        found.append(replace(case, spoken=spoken, hints=(*case.hints, *_hints(spoken))))
    return found


def _answers(spoken: Spoken) -> Mapping[str, str]:
    words = list(spoken.unknown.items())[:_MOST]
    return _exceptions(spoken, words) if spoken.exception else _codes(spoken, words)


def _codes(spoken: Spoken, words: Sequence[tuple[str, int]]) -> Mapping[str, str]:
    """Ask of each word which code it is, "" for none; what it is without its digits is proposed."""
    names, field = spoken.codes.names, spoken.field.name.replace("_", " ")
    what = "What do these words mean?" if len(words) > 1 else "What does this word mean?"
    click.echo(f"{_place(spoken)}: {what}", err=True)
    for number, name in enumerate(names, start=1):
        click.echo(f"  {number:>2}  {name}", err=True)
    click.echo(f"  {len(names) + 1:>2}  none of these: left out wherever the {field} matters", err=True)
    answers = {}
    for word, rows in words:
        likely = spoken.codes.code_of("".join(sign for sign in word if not sign.isdigit()))
        default = names.index(likely) + 1 if likely else None
        number = click.prompt(_shown(word, rows), type=click.IntRange(1, len(names) + 1), default=default, err=True)
        answers[word] = (*names, "")[number - 1]
    return answers


def _exceptions(spoken: Spoken, words: Sequence[tuple[str, int]]) -> Mapping[str, str]:
    """Ask once which words are the code that does not count like all others; the rest stay as they are."""
    click.echo(f"{_place(spoken)}: these count as spent on winning customers.", err=True)
    for number, (word, rows) in enumerate(words, start=1):
        click.echo(f"  {number:>2}  {_shown(word, rows)}", err=True)
    click.echo("Which of them are not, but on keeping customers, say? Enter for none.", err=True)
    chosen = click.prompt(
        "Numbers", default="", show_default=False, value_proc=lambda text: _numbers(text, len(words)), err=True
    )
    return {word: spoken.exception if number in chosen else "" for number, (word, _) in enumerate(words, start=1)}


def _numbers(text: str, most: int) -> set[int]:
    parts = text.replace(",", " ").split()
    if not all(part.isdecimal() and 1 <= int(part) <= most for part in parts):
        raise click.UsageError(f"write numbers from 1 to {most}, like 1, 3")
    return {int(part) for part in parts}


def _hints(spoken: Sequence[Spoken]) -> list[str]:
    """Return what to tell of words that count like all others because nobody has said anything else."""
    told = []
    for each in spoken:
        if each.exception and each.unknown:
            words = list(each.unknown.items())
            shown = ", ".join(_shown(word, rows) for word, rows in words[:5])
            more = f" and {len(words) - 5:,} more" if len(words) > 5 else ""
            write = (
                f'"{words[0][0][:40]}" = "{each.exception}" under [words.{each.entity}.{each.field.name}] in kpi.toml'
            )
            told.append(
                f"{each.column} {shown}{more}: counted as spent on winning customers; for one that is not, write"
                f" {write}"
            )
    return told


def _place(spoken: Spoken) -> str:
    return f"{spoken.place}, column {spoken.column}"


def _shown(word: str, rows: int) -> str:
    return f"'{shortened(harmless(word), 60)}' ({counted(rows, 'rows', 'row')})"
