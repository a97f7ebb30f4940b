"""What a host tells of a case, and whether it is the same as what Python tells."""

from __future__ import annotations

import math
from dataclasses import dataclass

from kpicore import CellFailure

EQUAL, DIFFERENT, NOT_POSSIBLE = "equal", "different", "not possible"


@dataclass(frozen=True, slots=True)
class NotPossible:
    """A case that a host cannot be asked, and why."""

    why: str


Told = float | CellFailure | NotPossible
"""A number; a native error, whose code is empty where the host has only one kind of nothing; or why there is none."""


def verdict(told: Told, expected: Told) -> str:
    """Return "equal" to 1e-12 of the value or 1e-9, with the same native error where there is one; else what it is."""
    if isinstance(told, NotPossible):
        return NOT_POSSIBLE
    if isinstance(told, CellFailure) or isinstance(expected, CellFailure):
        both = isinstance(told, CellFailure) and isinstance(expected, CellFailure)
        return EQUAL if both and told.code in ("", expected.code) else DIFFERENT
    if isinstance(expected, NotPossible):
        return DIFFERENT
    return EQUAL if math.isclose(told, expected, rel_tol=1e-12, abs_tol=1e-9) else DIFFERENT
