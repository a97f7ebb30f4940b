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


def text_given(given: object, what: str) -> str:
    """Return a name as it was given. Raises BadArgument for what is no text, or too long for any name."""
    if not isinstance(given, str):
        raise BadArgument(f"{what} is a text, not {_kind(given)}.")
    if len(given) > LONGEST_NAME:
        raise BadArgument(f"{what} has at most {LONGEST_NAME} characters, not {len(given):,}.")
    return given


def texts_given(given: object, what: str) -> list[str]:
    """Return one name, or several. Raises BadArgument for what is neither."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        return [text_given(given, what)]
    return [text_given(each, what) for each in given]


def count_given(given: object, what: str, most: int = 10_000) -> int:
    """Return a whole number from 0 to `most`. Raises BadArgument for anything else."""
    whole = isinstance(given, Integral) and not isinstance(given, bool)
    if whole and 0 <= given <= most:  # type: ignore[operator]
        return int(given)  # type: ignore[call-overload,no-any-return]
    raise BadArgument(f"{what} is a whole number from 0 to {most:,}{'' if whole else f', not {_kind(given)}'}.")


def _shown(given: object) -> str:
    return repr(given) if isinstance(given, str | datetime) else _kind(given)


def _kind(given: object) -> str:
    """Return what a value is; what it holds may have no end, or no text."""
    return "None" if given is None else f"a value of the type {type(given).__name__}"


def grain_named(given: str | Grain) -> Grain:
    """Return the grain of that name, "fiscal quarter". Raises UnknownName."""
    if isinstance(given, Grain):
        return given
    word = text_given(given, "a grain").strip().casefold().replace(" ", "_").replace("-", "_")
    known = {each.value: each for each in Grain}
    if word not in known:
        raise UnknownName("grain", given, known)
    return known[word]
