"""Questions of an import at the terminal: choices by number, within the width that there is."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from textwrap import wrap

import click

from kpicore.errors import BadArgument
from kpicore.model.load_questions import NO, YES, Asker, LoadAnswer, LoadQuestion, answer_to
from kpicore.text.plain_text import harmless

_LEAST, _MOST_ALIGNED = 40, 36
"""Columns that lines are broken to at least, and names of choices that notes stand aligned behind."""


def terminal_asker() -> Asker:
    """Return what asks a person. Of questions below one text that have the same choices these are shown once."""
    shown: list[object] = []

    def ask(question: LoadQuestion) -> LoadAnswer | None:
        if question.is_yes_or_no:
            proposed = {YES: True, NO: False}.get(question.proposed)
            agreed = click.confirm("\n".join(_lines(question.heading)), default=proposed, err=True)
            return YES if agreed else NO
        together = [question.heading, question.choices, question.hint, bool(question.label)]
        if not question.label or together != shown:
            click.echo("\n".join(_screen(question)), err=True)
        shown[:] = together
        return _many(question) if question.many else _one(question)

    return ask


def _one(question: LoadQuestion) -> LoadAnswer:
    values = [choice.value for choice in question.choices]
    proposed = str(values.index(question.proposed) + 1) if question.proposed and question.proposed in values else None
    label = harmless(question.label) or ("Number" if values else "Answer")
    return _prompted(label, proposed, proposed is not None, lambda text: answer_to(question, _value(text, question)))


def _value(text: str, question: LoadQuestion) -> str:
    """Return the value that a number stands for; where any text is taken, also another one."""
    if question.choices and (text.strip().isdecimal() or not question.free):
        return question.choices[_place(text.strip(), question)].value
    return text.strip()


def _many(question: LoadQuestion) -> LoadAnswer:
    def values(text: str) -> LoadAnswer:
        words = text.replace(",", " ").split()
        return answer_to(question, [question.choices[_place(word, question)].value for word in words])

    # nothing typed is an answer: none of them
    return _prompted(harmless(question.label) or "Numbers", "", False, values)


def _prompted(label: str, proposed: str | None, shown: bool, answer: Callable[[str], LoadAnswer]) -> LoadAnswer:
    def checked(text: str) -> LoadAnswer:
        try:
            return answer(text)
        except BadArgument as error:  # upon which the question comes again
            raise click.UsageError(str(error)) from None

    said: LoadAnswer = click.prompt(label, default=proposed, show_default=shown, value_proc=checked, err=True)
    return said


def _place(word: str, question: LoadQuestion) -> int:
    most = len(question.choices)
    # isascii: other scripts have digits that look like none to most people
    if not (word.isascii() and word.isdecimal() and 1 <= int(word[:9]) <= most):
        raise BadArgument(f"'{harmless(word, 60)}' is no number from 1 to {most}.")
    return int(word) - 1


def _screen(question: LoadQuestion) -> Iterator[str]:
    """Yield the lines of a question: what is asked, a line a choice, how to answer."""
    from rich.cells import cell_len

    yield from _lines(question.heading)
    names = [harmless(choice.shown) for choice in question.choices]
    aligned = [cell_len(name) for name in names if cell_len(name) <= _MOST_ALIGNED]
    digits, width = len(str(len(names))), max(aligned, default=0)
    for number, (name, choice) in enumerate(zip(names, question.choices, strict=True), 1):
        begin = f"  {number:>{digits}}  "
        note = harmless(choice.note)
        padded = name + " " * (width - cell_len(name))
        yield from _lines(f"{begin}{padded}  {note}" if note else begin + name, len(begin))
    if question.hint:
        yield from _lines(question.hint)


def _lines(text: str, indent: int = 0) -> list[str]:
    """Return the text as lines that the terminal holds; what follows the first is indented. A pipe takes any line."""
    text, width = harmless(text), _width()
    if not width or len(text) <= width:
        return [text]
    return wrap(text, width, subsequent_indent=" " * indent, drop_whitespace=True, break_on_hyphens=False)


def _width() -> int:
    """Return how many columns stderr has, 0 where it is no terminal."""
    if not sys.stderr.isatty():
        return 0
    try:
        columns = os.get_terminal_size(sys.stderr.fileno()).columns
    except OSError:
        columns = 0
    # a terminal may not tell
    return max(columns or 80, _LEAST)
