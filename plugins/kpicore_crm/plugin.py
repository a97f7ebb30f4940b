"""Sales, as a plugin gives it: what stages presume and ask, cohorts, and how good forecasts were."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpicore import Feature, ImportQuestion, Presumption, WorkspaceFile, hookimpl
from kpicore_crm.stages import PRESUMPTIONS, STAGE_ORDER

if TYPE_CHECKING:
    from kpicore import OrderedChoice, Source, Workspace

# What is needed when something is asked is imported then: every command asks what there is.


@hookimpl
def kpi_features() -> Iterable[Feature]:
    """Give cohorts and the accuracy of forecasts."""
    yield Feature("cohorts", "Customers by when they first bought, and what they did at each age.", _cohorts)
    yield Feature("forecast_accuracy", "What the sales forecast said in the past, and what came.", _accuracy)


@hookimpl
def kpi_presumptions() -> Iterable[Presumption]:
    """Give what fields about stages presume."""
    return PRESUMPTIONS


@hookimpl
def kpi_workspace_files() -> Iterable[WorkspaceFile]:
    """Give the file with the order of the stages."""
    yield WorkspaceFile(STAGE_ORDER, "order of the stages", _stage_order, ("stage",))


@hookimpl
def kpi_import_questions() -> Iterable[ImportQuestion]:
    """Give the question for the order of the stages."""
    yield ImportQuestion("stage_order", "In which order deals pass the stages.", _ask_stage_order)


def _cohorts(workspace: Workspace) -> Any:
    from kpicore_crm.cohorts import cohorts

    return partial(cohorts, workspace)


def _accuracy(workspace: Workspace) -> Any:
    from kpicore_crm.forecast_accuracy import accuracy

    return partial(accuracy, workspace)


def _stage_order(folder: Path) -> Source:
    from kpicore_crm.stage_order import StageOrder, StageOrderSource, read_stage_order

    return StageOrderSource(read_stage_order(folder) or StageOrder())


def _ask_stage_order(workspace: Workspace) -> OrderedChoice | None:
    from kpicore_crm.stage_question import stage_question

    return stage_question(workspace)
