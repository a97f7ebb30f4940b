"""Names, days, grains and counts as the Python API takes them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from numbers import Integral

from kpicore.calendar import Grain
from kpicore.errors import BadArgument, UnknownName
from kpicore.text.nearest import LONGEST_NAME


def day_of(as_of: date | None) -> date | None:
    """Return the day that a question looks back from; an instant has none, as its zone decides. Raises BadArgument."""
    if as_of is None or (isinstance(as_of, date) and not isinstance(as_of, datetime)):
        return as_of
    raise BadArgument(f"as_of is {_shown(as_of)}, which is no day.", hint="Give a datetime.date.")


def text_given(value: object, what: str) -> str:
    """Return a name as it was given. Raises BadArgument for what is no text, or too long for any name."""
    if not isinstance(value, str):
        raise BadArgument(f"{what} is a text, not {_kind(value)}.")
    if len(value) > LONGEST_NAME:
        raise BadArgument(f"{what} has at most {LONGEST_NAME} characters, not {len(value):,}.")
    return value


def word_given(value: object, what: str) -> str:
    """Return a name as the words of the language are written. Raises BadArgument for what is no name.

    >>> word_given(" Fiscal quarter", "a grain")
    'fiscal_quarter'
    """
    return text_given(value, what).strip().casefold().replace(" ", "_").replace("-", "_")


def texts_given(value: object, what: str) -> list[str]:
    """Return one name, or several. Raises BadArgument for what is neither."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        return [text_given(value, what)]
    return [text_given(name, what) for name in value]


def count_given(value: object, what: str, most: int = 10_000) -> int:
    """Return a whole number from 0 to `most`. Raises BadArgument for anything else."""
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    if whole and 0 <= value <= most:  # type: ignore[operator]
        return int(value)  # type: ignore[call-overload,no-any-return]
    raise BadArgument(f"{what} is a whole number from 0 to {most:,}{'' if whole else f', not {_kind(value)}'}.")


def _shown(value: object) -> str:
    return repr(value) if isinstance(value, str | datetime) else _kind(value)


def _kind(value: object) -> str:
    """Return what a value is; what it holds may have no end, or no text."""
    return "None" if value is None else f"a value of the type {type(value).__name__}"


def grain_named(grain: str | Grain) -> Grain:
    """Return the grain of that name. Raises UnknownName.

    >>> grain_named("Fiscal quarter")
    <Grain.FISCAL_QUARTER: 'fiscal_quarter'>
    """
    if isinstance(grain, Grain):
        return grain
    word = word_given(grain, "a grain")
    known = {unit.value: unit for unit in Grain}
    if word not in known:
        raise UnknownName("grain", grain, known)
    return known[word]
