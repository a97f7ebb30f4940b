"""Members of a dimension as a person chooses them from a list in a cell: labels that are safe and differ."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kpicore import BadArgument, KpiError
from kpicore_excel.live.live_kpis import Cuts, LiveKpi
from kpicore_excel.live.times import Times

if TYPE_CHECKING:
    from kpicore import Workspace

ALL = "(all)"
MOST_MEMBERS = 30_000
_LONGEST_LABEL = 60
_MANY = 50
# What a spreadsheet could take for a formula, a number, a date or a truth value when it is entered.
_ENTERED = re.compile(r"[=+\-@'\"]|[0-9.,:/ -]*[0-9][0-9.,:/ %-]*$|(true|false)$|[0-9]+[ -./][a-z]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be chosen: its number, from 1, that formulas match by, and the label that people see.

    `members` are several only where texts of the data differ in nothing but case and spaces: they count together.
    """

    number: int
    members: tuple[str, ...]
    label: str


@dataclass(frozen=True, slots=True)
class Choices:
    """The members of a dimension to choose from, in their order."""

    dimension: str
    choices: tuple[Choice, ...]

    @property
    def many(self) -> bool:
        """Whether they are so many that formulas look at the rows of their own member only."""
        return len(self.choices) > _MANY

    def numbers(self) -> dict[str, int]:
        """Return the numbers by member."""
        return {member: choice.number for choice in self.choices for member in choice.members}


def choices(
    workspace: Workspace, kpis: Sequence[LiveKpi], times: Times, by: tuple[str, ...], where: Cuts
) -> tuple[Choices, ...]:
    """Return the members of each dimension with rows in any of the periods."""
    found: dict[str, set[str]] = {each: set() for each in by}
    for kpi in kpis:
        for members in tuples(workspace, kpi, times, where):
            for name, member in zip(kpi.by, members, strict=True):
                found[name].add(member)
    for name, every in found.items():
        if len(every) > MOST_MEMBERS:
            told = f"{name} has {len(every):,} members, and a list in a cell holds {MOST_MEMBERS:,} at most."
            raise BadArgument(told, hint="Leave this --by out, or narrow it with --where.")
    return tuple(listed(name, grouped(workspace, name, members)) for name, members in found.items())


def tuples(workspace: Workspace, kpi: LiveKpi, times: Times, where: Cuts) -> list[tuple[str, ...]]:
    """Return the members, one of each dimension of a KPI, that have rows in any of the periods."""
    if not kpi.by:
        return [()]
    order = tuple(sorted(kpi.by))
    periods = [*times.parts, *(span.period for span in times.spans)]
    questions = [kpi.question(period, where) for period in dict.fromkeys(periods)]
    [groups] = workspace.engine.groups([questions], order)
    places = [order.index(each) for each in kpi.by]
    return [tuple(group[at] for at in places) for group in groups]


def grouped(workspace: Workspace, dimension: str, members: Iterable[str]) -> list[tuple[str, ...]]:
    """Return members in the order of their dimension, those together that mean the same when one is asked for."""
    known = {member: at for at, member in enumerate(workspace.members(dimension))}
    found: dict[tuple[str, ...], None] = {}
    for each in sorted(members, key=lambda each: (known.get(each, len(known)), each)):
        try:
            ((_, same),) = workspace.cuts({dimension: each})
        except KpiError:  # a text like ">5" is a member of the data, though none that can be asked for by name
            same = (each,)
        found[same if each in same else (each,)] = None
    return list(found)


def listed(dimension: str, groups: Iterable[tuple[str, ...]]) -> Choices:
    """Return groups of members as choices.

    >>> [each.label for each in listed("rep", [("Ann",), ("=1+1",), ("ANN",), ("007",), ("(all)",)]).choices]
    ['Ann', 'no. 2: =1+1', 'no. 3: ANN', 'no. 4: 007', 'no. 5: (all)']
    """
    taken = {_skeleton(ALL)}
    found = []
    for number, members in enumerate(groups, 1):
        label = _plain(members[0])
        if label != members[0] or not label or _ENTERED.match(label) or _skeleton(label) in taken:
            label = f"no. {number}: {label}"
        taken.add(_skeleton(label))
        found.append(Choice(number, members, label))
    return Choices(dimension, tuple(found))


def _plain(member: str) -> str:
    """Return the text on one line, cut at what a list in a cell can show."""
    text = " ".join("".join(each if each.isprintable() else " " for each in member).split())
    return text if len(text) <= _LONGEST_LABEL else f"{text[: _LONGEST_LABEL - 1]}…"


def _skeleton(label: str) -> str:
    """Return what spreadsheets compare of a text: neither case nor width nor invisible characters."""
    folded = unicodedata.normalize("NFKC", label).casefold()
    return "".join(each for each in folded if unicodedata.category(each) not in ("Cf", "Mn", "Cc"))
