"""How parts make up a goal. Pure: progress in, progress out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kpicore.model.notes import Note

ALL, MEAN, WEIGHTED, SUM = "all", "mean", "weighted", "sum"
MODES = (ALL, MEAN, WEIGHTED, SUM)


@dataclass(frozen=True, slots=True)
class GoalPart:
    """One part of a goal: progress 0 to 1, None where it is not known; `reached` of `value` in `unit`."""

    name: str
    progress: float | None
    weight: float = 1.0
    value: float = 1.0
    reached: float | None = None
    unit: str = ""


class RolledUp(NamedTuple):
    """What parts come to, or the reason why they come to nothing."""

    value: float | None
    reason: Note | None = None


def rolled_up(mode: str, parts: Sequence[GoalPart]) -> RolledUp:
    """Return the progress of a goal by its parts, as a fraction.

    "all" is 1 when every part is reached, else 0; "mean" and "weighted" are averages of progress;
    "sum" is what was reached of the sum of values, and needs one unit. A part whose progress is not
    known gives no value but a reason naming it.

    >>> parts = [GoalPart("a", 1), GoalPart("b", 1), GoalPart("c", 0)]
    >>> rolled_up("all", parts).value, round(rolled_up("mean", parts).value, 4)
    (0.0, 0.6667)
    """
    if not parts:
        return RolledUp(None, Note.of("no_parts"))
    # one part that is not known makes the whole unknown: to leave it out would raise or lower it in silence
    unknown = [part.name for part in parts if part.progress is None or (mode == SUM and part.reached is None)]
    if unknown:
        return RolledUp(None, Note.of("parts_unknown", names=tuple(unknown)))
    progress = [part.progress or 0.0 for part in parts]
    if mode == ALL:
        return RolledUp(1.0 if min(progress) >= 1 else 0.0)
    if mode == MEAN:
        return RolledUp(sum(progress) / len(parts))
    if mode == WEIGHTED:
        return _share(sum(part.weight * done for part, done in zip(parts, progress, strict=True)),
                      sum(part.weight for part in parts), "weights")  # fmt: skip
    units = sorted({part.unit for part in parts})
    if len(units) > 1:
        return RolledUp(None, Note.of("parts_in_units", units=tuple(units)))
    return _share(sum(part.reached or 0.0 for part in parts), sum(part.value for part in parts), "values")


def _share(above: float, below: float, what: str) -> RolledUp:
    return RolledUp(above / below) if below > 0 else RolledUp(None, Note.of("parts_of_nothing", what=what))
