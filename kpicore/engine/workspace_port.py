"""What features read of a workspace, which stands above them."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from kpicore.calendar import Grain, Period
from kpicore.calendar.arguments import day_of
from kpicore.engine.compile.definitions import Definitions
from kpicore.engine.engine import Engine
from kpicore.engine.plan.scans import Filters
from kpicore.model.kpi_requests import CutsGiven, PeriodGiven
from kpicore.model.questions import Question
from kpicore.registry.registry import Registry
from kpicore.warehouse import Warehouse
from kpicore.wording.wording import Wording


class WorkspacePort(Protocol):
    """A workspace, as far as features need it. Each property is read when it is first asked for."""

    @property
    def registry(self) -> Registry:
        """Every entity, dimension and metric."""

    @property
    def definitions(self) -> Definitions:
        """The compiled metrics."""

    @property
    def wording(self) -> Wording:
        """The words for notes and reasons."""

    @property
    def warehouse(self) -> Warehouse:
        """The data, opened for reading."""

    @property
    def engine(self) -> Engine:
        """What answers."""

    def period(self, given: PeriodGiven, grain: Grain | None = None, as_of: date | None = None) -> Period:
        """Return the period that is meant."""

    def cuts(self, given: CutsGiven | None, as_of: date | None = None) -> Filters:
        """Return filters with canonical names and values."""


def question_of(
    workspace: WorkspacePort, kpi: str, period: PeriodGiven, where: CutsGiven | None, as_of: date | None = None
) -> Question:
    """Return the question about a KPI ("loans.renewed") as people write it. Raises KpiError."""
    days, cuts = workspace.period(period, as_of=as_of), workspace.cuts(where, as_of)
    return Question(*workspace.definitions.named(kpi), days, cuts, day_of(as_of))
