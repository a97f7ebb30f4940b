"""Goals as trees: targets with their parts, how far each is, and what cannot be a tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kpicore.errors import UnknownName
from kpicore.model.notes import Note
from kpicore.targets.attainment import Attainment
from kpicore.targets.roll_up import SUM, WEIGHTED, GoalPart, RolledUp, rolled_up
from kpicore.targets.targets import SetTarget
from kpicore.wording.wording import Wording

DEEPEST = 100
"""So many levels of parts a goal may have: what reads, prints and writes trees calls itself for each."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A target with its parts. `progress` is 0 to 1, None where `why` says why it is not known.

    `reached` of the target's value is what there is, in its unit; `attainment` is set where a KPI
    measures it.
    """

    target: SetTarget
    progress: float | None
    why: Note | None = None
    reached: float | None = None
    attainment: Attainment | None = None
    parts: tuple[Goal, ...] = ()

    @property
    def is_reached(self) -> bool:
        """Whether it is reached whole."""
        return self.progress is not None and self.progress >= 1

    def of_parts(self, mode: str) -> RolledUp:
        """Return how far its parts are: "all", "mean", "weighted" or "sum"."""
        return rolled_up(mode, [part.part for part in self.parts])

    @property
    def part(self) -> GoalPart:
        """What it is as a part of another goal."""
        target = self.target
        return GoalPart(target.id, self.progress, target.weight, target.value, self.reached, target.unit)

    def record(self, wording: Wording) -> dict[str, Any]:
        """Return it and its parts as a dict that JSON can hold."""
        target, attainment = self.target, self.attainment
        return {
            "id": target.id,
            "kpi": target.kpi or None,
            "variant": target.variant or None,
            "period": target.period.key,
            "cuts": {name: values[0] for name, values in target.cuts},
            "unit": target.unit or None,
            "target": target.value,
            "reached": self.reached,
            "progress": self.progress,
            "reason": wording.note(self.why) or None,
            "weight": target.weight,
            "attainment": attainment.value if attainment else None,
            "pace": attainment.pace if attainment else None,
            "words": wording.attained(attainment) if attainment else None,
            "roll_up": {mode: self.of_parts(mode).value for mode in ("all", "mean", "weighted", SUM)}
            if self.parts
            else None,
            "parts": [part.record(wording) for part in self.parts],
        }


@dataclass(frozen=True, slots=True)
class Measured:
    """What the answer to a target's KPI says: its attainment, or why there is none."""

    progress: float | None
    reached: float | None = None
    why: Note | None = None
    attainment: Attainment | None = None


class Forest:
    """All targets by their goals. A target in a circle belongs to no tree, nor one below the deepest level."""

    def __init__(self, targets: Iterable[SetTarget]) -> None:
        self.by_id = {target.id: target for target in targets}
        self.parts: dict[str, list[SetTarget]] = {}
        for target in self.by_id.values():
            if target.parent:
                self.parts.setdefault(target.parent, []).append(target)
        self.circles = tuple(_circles(self.by_id))
        self.in_circle = frozenset(id for circle in self.circles for id in circle)
        levels = list(self._levels())
        self.below_the_deepest = tuple(levels[DEEPEST + 1]) if len(levels) > DEEPEST + 1 else ()
        self.too_deep = frozenset(target.id for level in levels[DEEPEST + 1 :] for target in level)

    def roots(self) -> list[SetTarget]:
        """Return the goals that have parts and are parts of no other one."""
        # a goal whose own goal does not exist is a root too; `problems` tells of it
        return [target for target in self.by_id.values() if target.id in self.parts and target.parent not in self.by_id]

    def tree(self, root: SetTarget) -> Iterator[SetTarget]:
        """Yield a goal and all below it that is in the tree, each before its parts."""
        ahead = [root]
        while ahead:
            target = ahead.pop()
            yield target
            ahead += reversed([part for part in self.parts.get(target.id, ()) if part.id not in self.too_deep])

    def _levels(self) -> Iterator[list[SetTarget]]:
        """Yield what hangs on no goal and what is in circles, then its parts, then theirs."""
        level = [target for target in self.by_id.values() if target.parent not in self.by_id]
        level += [self.by_id[id] for circle in self.circles for id in circle]
        while level:
            yield level
            parts = (part for target in level for part in self.parts.get(target.id, ()))
            level = [part for part in parts if part.id not in self.in_circle]

    def problems(self) -> Iterator[str]:
        """Yield one line for each circle, each goal with too many levels, each part of a goal that does not exist."""
        for circle in self.circles:
            yield f"goal '{circle[0]}' is a part of itself: {' -> '.join([*circle, circle[0]])}. Take one link out."
        for target in self.below_the_deepest:
            yield f"{target.place}: its goal '{target.parent}' is {DEEPEST} levels deep already. Take some levels out."
        for goal, parts in self.parts.items():
            if goal not in self.by_id:
                for part in parts:
                    yield f"{part.place}: {UnknownName('goal', goal, [id for id in self.by_id if id != part.id])}"

    def goal(self, target: SetTarget, measured: Mapping[str, Measured]) -> Goal:
        """Return a target as a goal; `measured` are those that a KPI measures, by id."""
        if target.id in self.in_circle:
            return Goal(target, None, Note.of("part_of_itself"))
        if target.id in self.too_deep:
            return Goal(target, None, Note.of("goal_too_deep", levels=DEEPEST))
        parts = tuple(self.goal(part, measured) for part in self.parts.get(target.id, ()))
        from_kpi = measured.get(target.id)
        if from_kpi is not None and target.progress is None:
            return Goal(target, from_kpi.progress, from_kpi.why, from_kpi.reached, from_kpi.attainment, parts)
        # as everywhere, what a row says itself comes first
        progress, why = _given(target), None
        if progress is None:
            by_parts = rolled_up(WEIGHTED, [part.part for part in parts])
            progress, why = by_parts if parts else (None, Note.of("progress_not_told"))
        reached = target.reached
        # so many of the target as its progress says, where nobody counted them
        if reached is None and progress is not None:
            reached = progress * target.value
        attainment = from_kpi.attainment if from_kpi else None
        return Goal(target, progress, why, reached, attainment, parts)


def _given(target: SetTarget) -> float | None:
    if target.progress is not None:
        return min(target.progress, 1.0)
    if target.reached is not None and target.value > 0:
        return min(max(target.reached / target.value, 0.0), 1.0)
    return None


def _circles(by_id: Mapping[str, SetTarget]) -> Iterator[list[str]]:
    """Yield the ids of each circle once, in order."""
    done: set[str] = set()
    for start in by_id:
        path: dict[str, None] = {}  # in order, and quick to look in
        at = start
        # each target has one goal at most, so that to follow it from anywhere finds every circle
        while at in by_id and at not in done and at not in path:
            path[at] = None
            at = by_id[at].parent
        if at in path:
            ids = list(path)
            yield ids[ids.index(at) :]
        # what was followed once is in no other circle, and is not followed again
        done.update(path)
