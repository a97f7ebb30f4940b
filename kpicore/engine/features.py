"""What a workspace tells of answers, by the engine: each function is a method of `Workspace`.

They import what they need when they are called, as a workspace is opened for one of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from kpicore.calendar.arguments import day_of
from kpicore.engine.workspace_port import WorkspacePort, question_of

if TYPE_CHECKING:
    from datetime import date

    from kpicore.engine.explain.bridge import Bridge
    from kpicore.engine.explain.coverage import Coverage
    from kpicore.engine.explain.explain import Explanation
    from kpicore.engine.explain.input_values import Workings
    from kpicore.engine.explain.listings import Listed
    from kpicore.engine.scan.made_tables import Tables
    from kpicore.model.kpi_requests import CutsGiven, PeriodGiven
    from kpicore.model.listings import Listing
    from kpicore.model.questions import Question


def explain(
    workspace: WorkspacePort,
    kpi: str,
    period: PeriodGiven,
    where: CutsGiven | None = None,
    as_of: date | None = None,
) -> Explanation:
    """Return what stands behind one answer: definition, inputs, notes, statements and rows."""
    from kpicore.engine.explain.explain import explained

    return explained(workspace.engine, question_of(workspace, kpi, period, where, as_of))


def workings(workspace: WorkspacePort, questions: Sequence[Question]) -> list[Workings]:
    """Return what each input of each question came to, for those who compute the formula elsewhere.

    The questions are not checked: they may be parts of a period that its KPI is not asked for alone.
    """
    from kpicore.engine.explain.input_values import workings

    return workings(workspace.engine, questions)


def listed(
    workspace: WorkspacePort,
    listing: Listing,
    period: PeriodGiven,
    where: CutsGiven | None = None,
    as_of: date | None = None,
) -> Listed:
    """Return the rows of a listing for a period. Raises BadPeriod, BadCut, BadDefinition and UnknownName."""
    from kpicore.engine.explain.listings import listed

    days, cuts = workspace.period(period, as_of=as_of), workspace.cuts(where, as_of)
    return listed(workspace.engine, listing, days, cuts, day_of(as_of))


def bridge(
    workspace: WorkspacePort, kpi: str, other: str, period: PeriodGiven, where: CutsGiven | None = None
) -> Bridge:
    """Return why two variants of one KPI ("loans.all", "loans.renewed") differ on the same data."""
    from kpicore.engine.explain.bridge import bridge

    first, second = (question_of(workspace, variant, period, where) for variant in (kpi, other))
    return bridge(workspace.engine, first, second)


def coverage(workspace: WorkspacePort) -> list[Coverage]:
    """Return, for every KPI and variant, whether the loaded data can answer it and what is lacking."""
    from kpicore.engine.explain.coverage import coverage

    return coverage(workspace.engine)


def remedies(workspace: WorkspacePort, reasons: Collection[str]) -> tuple[str, ...]:
    """Return how people can give what nobody gave, in words, for the reasons of answers that presume it."""
    return workspace.wording.notes(workspace.engine.preparation.presumed.remedies(frozenset(reasons)))


def calc(workspace: WorkspacePort, kpi: str, *numbers: float, **named: float) -> float:
    """Return what the calculator of a KPI gives for plain numbers, in order or by name. Raises BadArgument when
    there is no calculator, or no value (a zero denominator).
    """
    from kpicore.engine.answer.calculators import calculated

    return calculated(workspace.definitions, kpi, numbers, named)


def members(workspace: WorkspacePort, dimension: str, as_of: date | None = None) -> tuple[str, ...]:
    """Return the values of a dimension by name; those of rows with a position by that."""
    from kpicore.engine.scan.relations import values_in_order

    # no engine for a list of names alone: to make one looks at targets, presumptions and what is refused
    day = day_of(as_of)
    warehouse = workspace.engine.at(day).warehouse if day else workspace.warehouse
    return values_in_order(workspace.registry.dimension(dimension), workspace.registry, warehouse)


def tables(workspace: WorkspacePort, as_of: date | None = None, *, reading: Iterable[str] = ()) -> Tables:
    """Return the made tables, of today's data or as of a day, for one's own statements. Raises WarehouseError.

    They are of the day of the oldest source of the entities that one is `reading`, else of the latest.
    """
    return workspace.engine.at(day_of(as_of)).made_tables(reading)
