"""Days and grains as the Python API takes them."""

from __future__ import annotations

from datetime import date, datetime

from kpicore.errors import BadArgument, UnknownName
from kpicore.periods import Grain


def day_of(as_of: date | None) -> date | None:
    """Return the day that a question looks back from; an instant has none, as its zone decides. Raises BadArgument."""
    if as_of is None or (isinstance(as_of, date) and not isinstance(as_of, datetime)):
        return as_of
    raise BadArgument(f"as_of is {as_of!r}, which is no day.", hint="Give a datetime.date.")


def grain_named(given: str | Grain) -> Grain:
    """Return the grain of that name, "fiscal quarter". Raises UnknownName."""
    if isinstance(given, Grain):
        return given
    word = given.strip().casefold().replace(" ", "_").replace("-", "_")
    known = {each.value: each for each in Grain}
    if word not in known:
        raise UnknownName("grain", given, known)
    return known[word]
