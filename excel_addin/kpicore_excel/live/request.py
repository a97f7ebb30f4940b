"""What a live workbook is about: its KPIs, the periods on offer, and the members of its dimensions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kpicore import BadArgument
from kpicore_excel.live.live_kpis import Cuts, LiveKpi, live_kpis
from kpicore_excel.live.members import Choices, choices
from kpicore_excel.live.times import Times, times_of

if TYPE_CHECKING:
    from kpicore import Workspace


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
        return tuple(choice.dimension for choice in self.choices)

    @property
    def widest(self) -> int:
        """The place of the dimension with the most members; 0 where there is none."""
        sizes = [len(choice.choices) for choice in self.choices]
        return sizes.index(max(sizes)) if sizes else 0

    def cuts(self, members: Mapping[str, tuple[str, ...]]) -> Cuts:
        """Return the cuts of a question: those of all, and on top what is chosen of some dimensions."""
        return tuple(sorted({**dict(self.where), **members}.items()))


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
    whole = workspace.period(period)
    cuts = workspace.cuts(where)
    names = tuple(dict.fromkeys(workspace.registry.dimension(each).name for each in by))
    if len(names) > 2:
        raise BadArgument(f"a live workbook is cut by two dimensions at most, not {len(names)}.", hint="Leave one out.")
    kpis = live_kpis(workspace, refs, names, cuts)
    for name in names:
        if not any(name in kpi.by for kpi in kpis):
            workspace.engine.check(kpis[0].question(whole, cuts), [name])
    times = times_of(workspace, [each.question(whole, cuts) for each in kpis], whole, grain, compare)
    return Asked(kpis, times, choices(workspace, kpis, times, names, cuts), cuts)
