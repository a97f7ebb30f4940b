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
class MemberChoice:
    """What can be chosen: its number, from 1, that formulas match by, and the label that people see.

    `members` are several only where texts of the data differ in nothing but case and spaces: they count together.
    """

    number: int
    members: tuple[str, ...]
    label: str


@dataclass(frozen=True, slots=True)
class MemberList:
    """The members of a dimension to choose from, in their order."""

    dimension: str
    choices: tuple[MemberChoice, ...]

    @property
    def many(self) -> bool:
        """Whether they are so many that formulas look at the rows of their own member only."""
        return len(self.choices) > _MANY

    def numbers(self) -> dict[str, int]:
        """Return the numbers by member."""
        return {member: choice.number for choice in self.choices for member in choice.members}


def member_lists(
    workspace: Workspace, kpis: Sequence[LiveKpi], times: Times, by: tuple[str, ...], where: Cuts
) -> tuple[MemberList, ...]:
    """Return the members of each dimension with rows in any of the periods."""
    by_dimension: dict[str, set[str]] = {dimension: set() for dimension in by}
    for kpi in kpis:
        for combination in member_tuples(workspace, kpi, times, where):
            for name, member in zip(kpi.by, combination, strict=True):
                by_dimension[name].add(member)
    for name, members in by_dimension.items():
        if len(members) > MOST_MEMBERS:
            problem = f"{name} has {len(members):,} members, and a list in a cell holds {MOST_MEMBERS:,} at most."
            raise BadArgument(problem, hint="Leave this --by out, or narrow it with --where.")
    return tuple(member_list(name, grouped_members(workspace, name, members)) for name, members in by_dimension.items())


def member_tuples(workspace: Workspace, kpi: LiveKpi, times: Times, where: Cuts) -> list[tuple[str, ...]]:
    """Return the members, one of each dimension of a KPI, that have rows in any of the periods."""
    if not kpi.by:
        return [()]
    order = tuple(sorted(kpi.by))
    periods = [*times.parts, *(span.period for span in times.spans)]
    questions = [kpi.question(period, where) for period in dict.fromkeys(periods)]
    [groups] = workspace.engine.groups([questions], order)
    places = [order.index(dimension) for dimension in kpi.by]
    return [tuple(group[at] for at in places) for group in groups]


def grouped_members(workspace: Workspace, dimension: str, members: Iterable[str]) -> list[tuple[str, ...]]:
    """Return members in the order of their dimension, those together that mean the same when one is asked for."""
    known = {member: at for at, member in enumerate(workspace.members(dimension))}
    groups: dict[tuple[str, ...], None] = {}
    for member in sorted(members, key=lambda member: (known.get(member, len(known)), member)):
        try:
            ((_, same),) = workspace.cuts({dimension: member})
        except KpiError:  # a text like ">5" is a member of the data, though none that can be asked for by name
            same = (member,)
        groups[same if member in same else (member,)] = None
    return list(groups)


def member_list(dimension: str, groups: Iterable[tuple[str, ...]]) -> MemberList:
    """Return groups of members as choices.

    >>> [choice.label for choice in member_list("rep", [("Ann",), ("=1+1",), ("ANN",), ("007",), ("(all)",)]).choices]
    ['Ann', 'no. 2: =1+1', 'no. 3: ANN', 'no. 4: 007', 'no. 5: (all)']
    """
    taken = {_skeleton(ALL)}
    choices = []
    for number, members in enumerate(groups, 1):
        label = _plain(members[0])
        if label != members[0] or not label or _ENTERED.match(label) or _skeleton(label) in taken:
            label = f"no. {number}: {label}"
        taken.add(_skeleton(label))
        choices.append(MemberChoice(number, members, label))
    return MemberList(dimension, tuple(choices))


def _plain(member: str) -> str:
    """Return the text on one line, cut at what a list in a cell can show."""
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in member).split())
    return text if len(text) <= _LONGEST_LABEL else f"{text[: _LONGEST_LABEL - 1]}…"


def _skeleton(label: str) -> str:
    """Return what spreadsheets compare of a text: neither case nor width nor invisible characters."""
    folded = unicodedata.normalize("NFKC", label).casefold()
    return "".join(sign for sign in folded if unicodedata.category(sign) not in ("Cf", "Mn", "Cc"))
