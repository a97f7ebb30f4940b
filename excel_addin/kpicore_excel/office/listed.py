"""The functions as the add-in names them: in Excel `=KPI.WIN_RATE(…)`, for the server KPI_WIN_RATE."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kpicore import CellFunction

NAMESPACE = "KPI"
LIVE = "LIVE"
SHORTEST, LONGEST = 3, 64
"""How long Excel lets the name of a function be; a KPI beyond that is asked by its id, `=KPI.KPI("nn", …)`."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A function: its id, which is also its name after the namespace, and what it stands for."""

    id: str
    function: CellFunction
    is_live: bool = False


def listed(functions: Sequence[CellFunction]) -> Iterator[Listed]:
    """Yield the functions, and LIVE, which is KPI that follows the data; a KPI of that name goes before it."""
    named = {function.name.removeprefix(f"{NAMESPACE}_"): function for function in functions}
    ids = {id: each for id, each in named.items() if SHORTEST <= len(id) <= LONGEST}
    for id, each in ids.items():
        yield Listed(id, each)
    if LIVE not in ids and NAMESPACE in ids:
        yield Listed(LIVE, ids[NAMESPACE], is_live=True)
