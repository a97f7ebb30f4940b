"""What the engine is given by those above it: targets, whose rows are worked out by its own answers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from kpicore.calendar import Period
from kpicore.calendar.working_days import WorkingDays
from kpicore.engine.compile.definitions import Definitions
from kpicore.engine.plan.filters import MemberNames
from kpicore.engine.plan.scans import Filters
from kpicore.engine.scan.fragments import Binder
from kpicore.lineage import Column
from kpicore.model.notes import Note
from kpicore.model.questions import Answer, Question
from kpicore.registry.registry import Registry
from kpicore.warehouse import State, Warehouse


class TargetValue(NamedTuple):
    """A target, or the reason why there is none."""

    value: float | None
    reason: str | None = None
    detail: Note | None = None


class SetTargets(Protocol):
    """What was set, read and ready to be looked up: it asks nobody any more."""

    def find(self, kpi: str, variant: str, period: Period, cuts: Filters) -> TargetValue:
        """Return what was set for exactly a KPI's variant, a period and cuts."""


class Relation(Protocol):
    """The rows of an entity that is more than a table of the warehouse."""

    def sql(self, registry: Registry, bind: Binder) -> str:
        """Return the SQL of all rows as `e`."""


class Answerer(Protocol):
    """What answers the questions by which rows are worked out: the engine that reads them then."""

    @property
    def definitions(self) -> Definitions:
        """The compiled metrics."""

    @property
    def working(self) -> WorkingDays:
        """The working days."""

    def today_of(self, question: Question) -> date:
        """Return the day of the data that a question reads."""

    def check(self, question: Question) -> None:
        """Refuse a question that cannot be asked."""

    def answer(self, questions: Sequence[Question]) -> list[Answer]:
        """Return one answer a question, in order."""


class TargetRelation(Protocol):
    """Targets over one warehouse."""

    @property
    def entity(self) -> str:
        """The entity whose rows they are."""

    @property
    def may_be_unknown(self) -> Collection[Column]:
        """The columns that are worked out for every row, and yet have no value where that is not known."""

    def over(self, warehouse: Warehouse, members: MemberNames) -> TargetRelation:
        """Return the targets over another warehouse, that of an earlier day."""

    def state(self, loaded: State) -> State:
        """Return the state as questions see it, from that of the tables alone."""

    def read(self) -> SetTargets:
        """Return what was set. Raises WarehouseError."""

    def rows(self, answerer: Answerer) -> Relation | None:
        """Return the rows with all that is worked out; None to who asks while it works them out."""
