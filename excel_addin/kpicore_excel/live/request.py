"""What a live workbook is about: its KPIs, the periods on offer, and the members of its dimensions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kpicore import BadArgument
from kpicore_excel.live.live_kpis import Cuts, LiveKpi, live_kpis
from kpicore_excel.live.members import MemberList, member_lists
from kpicore_excel.live.times import Times, times_of

if TYPE_CHECKING:
    from kpicore import Workspace


@dataclass(frozen=True, slots=True)
class WorkbookRequest:
    """All that a workbook is to hold. `where` are the cuts that all its numbers have."""

    kpis: tuple[LiveKpi, ...]
    times: Times
    lists: tuple[MemberList, ...]
    where: Cuts = ()

    @property
    def by(self) -> tuple[str, ...]:
        """The names of the dimensions that can be chosen from."""
        return tuple(members.dimension for members in self.lists)

    @property
    def widest(self) -> int:
        """The place of the dimension with the most members; 0 where there is none."""
        sizes = [len(members.choices) for members in self.lists]
        return sizes.index(max(sizes)) if sizes else 0

    def cuts(self, members: Mapping[str, tuple[str, ...]]) -> Cuts:
        """Return the cuts of a question: those of all, and on top what is chosen of some dimensions."""
        return tuple(sorted({**dict(self.where), **members}.items()))


def workbook_request(
    workspace: Workspace,
    refs: Sequence[str],
    period: str,
    *,
    grain: str | None = None,
    by: Sequence[str] = (),
    where: Mapping[str, object] | None = None,
    compare: str = "previous",
) -> WorkbookRequest:
    """Return what a workbook of these KPIs ("win_rate.created") is to hold.

    `grain` is what the period is split into, by default months where it is made of them.

    Raises: KpiError with one line for what cannot be asked: a KPI, a dimension that none of them has.
    """
    whole = workspace.period(period)
    cuts = workspace.cuts(where)
    names = tuple(dict.fromkeys(workspace.registry.dimension(name).name for name in by))
    if len(names) > 2:
        raise BadArgument(f"a live workbook is cut by two dimensions at most, not {len(names)}.", hint="Leave one out.")
    kpis = live_kpis(workspace, refs, names, cuts)
    for name in names:
        if not any(name in kpi.by for kpi in kpis):
            workspace.engine.check(kpis[0].question(whole, cuts), [name])
    times = times_of(workspace, [kpi.question(whole, cuts) for kpi in kpis], whole, grain, compare)
    return WorkbookRequest(kpis, times, member_lists(workspace, kpis, times, names, cuts), cuts)
