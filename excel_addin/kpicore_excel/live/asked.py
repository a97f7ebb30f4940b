"""What a live workbook is about: its KPIs, the periods on offer, and the members of its dimensions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from kpicore import BadArgument, Definition, KpiError, Question
from kpicore_excel.live.members import Choices, choices
from kpicore_excel.live.times import Times

if TYPE_CHECKING:
    from kpicore import Period, Workspace

Cuts = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class LiveKpi:
    """A KPI's variant, and the dimensions of the workbook that it can be cut by.

    `needs` are those of them without which it has no meaning. `key` is what its names in the workbook begin with.
    """

    definition: Definition
    by: tuple[str, ...]
    needs: tuple[str, ...]
    key: str

    @property
    def name(self) -> str:
        """What people call it: the variant is told where it is not the first."""
        metric = self.definition.metric
        if self.definition.variant == metric.variant_names[0]:
            return metric.name
        return f"{metric.name} ({self.definition.variant.replace('_', ' ')})"

    def question(self, period: Period, cuts: Cuts) -> Question:
        """Return its question for a period and cuts."""
        return Question(self.definition.metric.id, self.definition.variant, period, cuts)

    def takes(self, dimensions: Sequence[str]) -> bool:
        """Whether it can be cut by just these dimensions."""
        return set(self.needs) <= set(dimensions) <= set(self.by)


@dataclass(frozen=True, slots=True)
class Asked:
    """All that a workbook is to hold. `where` are the cuts that all its numbers have."""

    kpis: tuple[LiveKpi, ...]
    times: Times
    choices: tuple[Choices, ...]
    where: Cuts = ()

    @property
    def by(self) -> tuple[str, ...]:
        """The names of the dimensions that can be chosen from."""
        return tuple(each.dimension for each in self.choices)

    @property
    def widest(self) -> int:
        """The place of the dimension with the most members; 0 where there is none."""
        sizes = [len(each.choices) for each in self.choices]
        return sizes.index(max(sizes)) if sizes else 0

    def cuts(self, members: Mapping[str, tuple[str, ...]]) -> Cuts:
        """Return the cuts of a question: those of all, and what is chosen of some dimensions."""
        return overlaid(self.where, members)


def overlaid(where: Cuts, members: Mapping[str, tuple[str, ...]]) -> Cuts:
    """Return cuts with others on top."""
    return tuple(sorted({**dict(where), **members}.items()))


def asked(
    workspace: Workspace,
    refs: Sequence[str],
    period: str,
    *,
    grain: str | None = None,
    by: Sequence[str] = (),
    where: Mapping[str, object] | None = None,
    compare: str = "previous",
) -> Asked:
    """Return what a workbook of these KPIs ("win_rate.created") is to hold.

    `grain` is what the period is split into, by default months where it is made of them.

    Raises: KpiError with one line for what cannot be asked: a KPI, a dimension that none of them has.
    """
    from kpicore_excel.live.times import times_of

    whole = workspace.period(period)
    cuts = workspace.cuts(where)
    names = tuple(dict.fromkeys(workspace.registry.dimension(each).name for each in by))
    if len(names) > 2:
        raise BadArgument(f"a live workbook is cut by two dimensions at most, not {len(names)}.", hint="Leave one out.")
    kpis = live_kpis(workspace, refs, names, cuts)
    for each in names:
        if not any(each in kpi.by for kpi in kpis):
            workspace.engine.check(kpis[0].question(whole, cuts), [each])
    times = times_of(workspace, [each.question(whole, cuts) for each in kpis], whole, grain, compare)
    return Asked(kpis, times, choices(workspace, kpis, times, names, cuts), cuts)


def live_kpis(workspace: Workspace, refs: Sequence[str], by: tuple[str, ...], where: Cuts) -> tuple[LiveKpi, ...]:
    """Return the KPIs, each once, with the dimensions that each can be cut by. Raises KpiError."""
    found: dict[tuple[str, str], LiveKpi] = {}
    for ref in refs:
        named = workspace.definitions.named(ref)
        definition = workspace.definitions.get(*named)
        taken = {each.key for each in found.values()}
        found.setdefault(named, _live_kpi(workspace, definition, by, where, taken))
    return tuple(found.values())


def _live_kpi(
    workspace: Workspace, definition: Definition, by: tuple[str, ...], where: Cuts, taken: set[str]
) -> LiveKpi:
    cut = tuple(name for name, _ in where)
    needs = tuple(each for each in definition.spec.needs_cut if each not in cut)
    possible = tuple(each for each in by if _can_be_cut(workspace, definition, {*cut, *needs, each}))
    if not set(needs) <= set(by):
        _check(workspace, definition, cut)
    _check(workspace, definition, {*cut, *needs})
    return LiveKpi(definition, possible, needs, unique(definition.place.replace(".", "_"), taken))


def _can_be_cut(workspace: Workspace, definition: Definition, by: set[str]) -> bool:
    try:
        _check(workspace, definition, by)
    except KpiError:
        return False
    return True


def _check(workspace: Workspace, definition: Definition, by: Sequence[str] | set[str]) -> None:
    """Refuse cuts that the KPI cannot have, whatever the period."""
    grains = definition.spec.grains
    period = workspace.period("2025-01")
    if grains:
        from kpicore import Grain

        period = workspace.calendar.containing(Grain(grains[0]), period.start)
    workspace.engine.check(Question(definition.metric.id, definition.variant, period), sorted(by))


def unique(name: str, taken: set[str]) -> str:
    """Return the name, with a number behind it where it is taken already."""
    number, found = 2, name
    while found in taken:
        found, number = f"{name}_{number}", number + 1
    return found


def every_cut(choices: Sequence[Choices]) -> Iterator[tuple[str, ...]]:
    """Yield the dimensions of each way to cut: none, each alone, both."""
    names = [each.dimension for each in choices]
    for count in range(len(names) + 1):
        yield from combinations(names, count)
