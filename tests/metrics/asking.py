"""How the tests ask a workspace for one number."""

from __future__ import annotations

from kpicore import Answer, Workspace
from tests.said import note_words


def answer(of: Workspace, ref: str, period: str, **cuts: str) -> Answer:
    """Return the one answer."""
    [found] = of.get(ref, period, where=cuts).answers
    return found


def value(of: Workspace, ref: str, period: str, **cuts: str) -> float:
    """Return the value of the one answer, which must have one."""
    found = answer(of, ref, period, **cuts)
    assert found.value is not None, note_words(found.detail)
    return found.value
