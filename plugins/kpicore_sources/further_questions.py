"""What plugins ask once files have been loaded, asked at the terminal."""

from __future__ import annotations

import click

from kpicore import BadDefinition, OrderedChoice, Workspace, harmless


def ask_questions(workspace: Workspace) -> None:
    """Ask what plugins want to know of the data that was loaded, unless it is known, and let them keep the answers."""
    for question in workspace.registry.import_questions:
        try:
            choice = question.asked(workspace)
            if choice is not None:
                question.answered(choice, _places(choice))
        except BadDefinition as error:  # of a broken plugin: the others ask all the same
            click.echo(str(error), err=True)


def _places(choice: OrderedChoice) -> list[int]:
    listed = (f"  {number}  {harmless(each)}" for number, each in enumerate(choice.choices, 1))
    click.echo("\n".join((harmless(choice.text), *listed, harmless(choice.hint))), err=True)
    return click.prompt(
        "Numbers", default="", show_default=False, value_proc=lambda text: _read(text, choice), err=True
    )


def _read(text: str, choice: OrderedChoice) -> list[int]:
    """Return the places that the numbers stand for. Raises UsageError, upon which the question comes again."""
    words = text.replace(",", " ").split()
    wrong = [word for word in words if not word.isdecimal() or not 1 <= int(word) <= len(choice.choices)]
    if wrong:
        raise click.UsageError(f"'{wrong[0]}' is no number from 1 to {len(choice.choices)}.")
    places = [int(word) - 1 for word in words]
    if len({*places}) < len(places):
        raise click.UsageError(choice.twice)
    return places
