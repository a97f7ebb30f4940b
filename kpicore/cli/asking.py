"""What the commands that ask questions share: the period, the filters, the day to look back from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import click

from kpicore.errors import BadArgument, BadCut

Command = Callable[..., Any]


def period_option(command: Command) -> Command:
    """Add `--period`."""
    option = click.option(
        "-p",
        "--period",
        required=True,
        metavar="PERIOD",
        help="2026, 2026-Q3, 2026-03, 2026-W12, 2026-03-14, FY2026-Q1, 2026-01-10..2026-02-09, 'last month', ytd …",
    )
    return option(command)


def where_option(command: Command) -> Command:
    """Add `--where`."""
    option = click.option(
        "--where",
        multiple=True,
        metavar="DIM=VALUE",
        help="Only these rows, e.g. rep='Ann Lee'. Repeat it: the same dimension means any of its values.",
    )
    return option(command)


def question_options(command: Command) -> Command:
    """Add `--period`, `--where` and `--as-of`."""
    as_of = click.option("--as-of", metavar="DATE", help="Answer as of this day, written 2026-03-14.")
    return period_option(where_option(as_of(command)))


def cuts_given(where: Iterable[str]) -> dict[str, list[str]]:
    """Return the values asked for by dimension; a value may itself hold "=". Raises BadCut.

    >>> cuts_given(["branch=North", "Branch=South", "shelf='A = B'"])
    {'branch': ['North', 'South'], 'shelf': ['A = B']}
    """
    cuts: dict[str, list[str]] = {}
    for text in where:
        dimension, sign, value = text.partition("=")
        if not sign or not dimension.strip():
            raise BadCut(f"cannot read --where '{text}'.", hint="Write a dimension and a value: --where rep='Ann Lee'.")
        cuts.setdefault(dimension.strip().casefold(), []).append(_unquoted(value.strip()))
    return cuts


def _unquoted(value: str) -> str:
    # Some shells, and people who copy from a spreadsheet, leave the quotes around a name.
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if quoted else value


def day_given(text: str | None) -> date | None:
    """Return the day that `--as-of` names, None when it is not given. Raises BadArgument."""
    if text is None:
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        day = None
    if day is None or day.isoformat() != text.strip():
        raise BadArgument(f"cannot read --as-of '{text}'.", hint="Write a day: 2026-03-14.")
    return day
