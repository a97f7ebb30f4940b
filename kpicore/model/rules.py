"""A joint rule as data: what several KPIs mean together, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kpicore.calendar.period import Grain
from kpicore.errors import BadDefinition
from kpicore.model.checked import check_choice, check_fields, place
from kpicore.model.field_kinds import Id, Label, Language
from kpicore.model.inputs import Earlier, MetricValue, Target

_GRAINS = tuple(grain.value for grain in Grain)


def check_grains(where: str, grains: Iterable[str]) -> None:
    """Refuse a word that is no kind of period: what is told of such ones alone would never be told."""
    for grain in grains:
        check_choice(where, "grains", grain, _GRAINS)


Yardstick = MetricValue | Earlier | Target
"""What a rule may look at: a KPI, a KPI of an earlier period, a target."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition over answers, its meaning, and the action that follows.

    `when` is a formula over `inputs` that is true or false. An input with several yardsticks takes
    the first that has a value: the target where one is set, else the period before. A rule with
    `at_end` is about a period that is over; `grains` restricts the periods ("month"). `status` is
    "poor" for a problem, "good" for what is well, "fair" for what to look at. `about` is the id of the
    KPI that it belongs to. One that `replaces` stands in for the built-in rule of its id.
    """

    id: Id
    name: Label
    about: Label
    when: str
    inputs: Mapping[Label, Yardstick | tuple[Yardstick, ...]]
    meaning: str
    action: str = ""
    status: str = "poor"
    at_end: bool = False
    grains: tuple[str, ...] = ()
    source: str = ""
    replaces: bool = False

    def __post_init__(self) -> None:
        check_fields(self, "rule", "id")
        where = place("rule", self.id)
        check_choice(where, "status", self.status, STATUSES)
        check_grains(where, self.grains)
        for name in self.inputs:
            if not self.yardsticks(name):
                raise BadDefinition(where, f"its inputs['{name}'] is nothing")

    def yardsticks(self, name: str) -> tuple[Yardstick, ...]:
        """Return what an input may be, in the order of preference."""
        yardstick = self.inputs[name]
        return yardstick if isinstance(yardstick, tuple) else (yardstick,)


@dataclass(frozen=True, slots=True)
class Words:
    """How one language calls a metric: a description in one line, and the names people use.

    Names join those that are built in; words that `replaces` go before them, with their description.
    """

    metric: Id
    language: Language
    description: str
    names: tuple[Label, ...] = ()
    replaces: bool = False

    def __post_init__(self) -> None:
        check_fields(self, "words", "metric", "language")


GOOD, FAIR, POOR = "good", "fair", "poor"
STATUSES: Mapping[str, str] = MappingProxyType({GOOD: "as it should be", FAIR: "look at it", POOR: "act"})
"""The words of a status, with what each says; they say it without a colour."""
