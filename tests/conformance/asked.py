"""What every host is asked: each scalar KPI in each variant, whole and for one rep, and each calculator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kpicore import CellCall, Definition, KpiError, Workspace, calculator

QUARTER, MONTH = "2026-Q2", "2026-06"
"""Periods of the demo company that are over."""


@dataclass(frozen=True, slots=True)
class Case:
    """A call with what it is about: a variant over data (`cuts` say of whom), or its calculator of `numbers`."""

    ref: str
    call: CellCall
    period: str = ""
    cuts: tuple[tuple[str, str], ...] = ()
    numbers: tuple[float, ...] = ()

    @property
    def calculates(self) -> bool:
        """Whether it is a calculator."""
        return bool(self.numbers)


def cases(workspace: Workspace) -> list[Case]:
    """Return every case of the workspace: KPIs first, then calculators."""
    definitions = [
        workspace.definitions.get(id, variant)
        for id, metric in workspace.registry.metrics.items()
        for variant in metric.variant_names
    ]
    bound = [case for definition in definitions for case in _bound(definition, workspace)]
    return bound + [case for definition in definitions for case in _calculated(definition, workspace)]


def _bound(definition: Definition, workspace: Workspace) -> Iterator[Case]:
    period = MONTH if definition.spec.grains and "quarter" not in definition.spec.grains else QUARTER
    needed = tuple((each, _member(definition, each, period, workspace)) for each in definition.spec.needs_cut)
    yield _case(definition, period, needed)
    with_rep = (*needed, ("rep", "Ada Brook"))
    if "rep" in definition.spec.needs_cut:
        return
    try:
        workspace.get(definition.place, period, where=dict(with_rep))
    except KpiError:
        return  # an input knows no rep
    yield _case(definition, period, with_rep)


def _case(definition: Definition, period: str, cuts: tuple[tuple[str, str], ...]) -> Case:
    variant = () if len(definition.metric.variant_names) == 1 else ("variant", definition.variant)
    pairs = [text for pair in cuts for text in pair]
    return Case(
        definition.place, CellCall(f"KPI_{definition.metric.id.upper()}", (period, *variant, *pairs)), period, cuts
    )


def _member(definition: Definition, dimension: str, period: str, workspace: Workspace) -> str:
    """Return a member with a value, else the first."""
    found = workspace.get(definition.place, period, by=dimension).answers
    valued = [each for each in found if each.value] or list(found)
    return dict(valued[0].question.cuts)[dimension][0]


def _calculated(definition: Definition, workspace: Workspace) -> Iterator[Case]:
    found = calculator(definition)
    if found is None:
        return
    shares = {each.name for each in definition.inputs if each.is_share}
    numbers = tuple(0.25 if name in shares else 7.5 * (place + 1) for place, name in enumerate(found.arguments))
    numbers = numbers or (10.0, 20.0, 60.0, 70.5)
    is_default = definition.variant == workspace.definitions.default_of(definition.metric)
    own = "" if is_default else f"_{definition.variant.upper()}"
    yield Case(definition.place, CellCall(f"KPI_{definition.metric.id.upper()}{own}_CALC", numbers), numbers=numbers)
