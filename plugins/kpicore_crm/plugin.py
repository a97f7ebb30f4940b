"""Sales, as a plugin gives it: its vocabulary, what stages presume and ask, cohorts, and how good forecasts were."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from typing import Any

from kpicore import (
    DerivedEntity,
    Dimension,
    Entity,
    Feature,
    Field,
    ImportQuestion,
    NoteWords,
    Presumption,
    Setting,
    WorkspaceFile,
    hookimpl,
)
from kpicore_crm.derived.records import DERIVED
from kpicore_crm.entities import DIMENSIONS, ENTITIES, TARGET_FIELDS
from kpicore_crm.entities.selling import STAYS
from kpicore_crm.note_words import NOTE_WORDS
from kpicore_crm.settings import SETTINGS, STAGE_ORDER

NO_STAGE_HISTORY, NO_STAGE_ORDER = "no_stage_history", "no_stage_order"
"""Reasons of answers that presume what nobody gave of stages."""


def _of(module: str, name: str) -> Callable[..., Any]:
    """Return a function of a module of this package that is imported when it is called: few commands call one."""

    def call(*arguments: Any, **named: Any) -> Any:
        return getattr(import_module(f"kpicore_crm.{module}"), name)(*arguments, **named)

    return call


@hookimpl
def kpi_entities() -> Iterable[Entity]:
    """Give the tables of sales, from leads to surveys."""
    return ENTITIES


@hookimpl
def kpi_derived_entities() -> Iterable[DerivedEntity]:
    """Give the stages that deals passed, and the times in which customers were active."""
    return DERIVED


@hookimpl
def kpi_fields() -> Iterable[Field]:
    """Give what a target can be set for."""
    return TARGET_FIELDS


@hookimpl
def kpi_dimensions() -> Iterable[Dimension]:
    """Give what answers about sales can be cut by."""
    return DIMENSIONS


@hookimpl
def kpi_settings() -> Iterable[Setting]:
    """Give what decides who is active, and which deals are qualified or stuck."""
    return SETTINGS


@hookimpl
def kpi_features() -> Iterable[Feature]:
    """Give cohorts and the accuracy of forecasts."""
    cohorts, accuracy = _of("cohorts", "cohorts"), _of("forecast_accuracy", "accuracy")
    yield Feature(
        "cohorts",
        "Customers by when they first bought, and what they did at each age.",
        lambda workspace: partial(cohorts, workspace),
    )
    yield Feature(
        "forecast_accuracy",
        "What the sales forecast said in the past, and what came.",
        lambda workspace: partial(accuracy, workspace),
    )


@hookimpl
def kpi_presumptions() -> Iterable[Presumption]:
    """Give what fields about stages presume."""
    yield Presumption(
        "stage_history",
        "The stages that deals came through.",
        NO_STAGE_HISTORY,
        _of("stages", "history"),
        dated_in=STAYS,
        remedies=_of("stages", "give_history"),
    )
    yield Presumption(
        "stage_on_the_day",
        "The stage that deals stand in on the day looked at.",
        NO_STAGE_HISTORY,
        _of("stages", "on_the_day"),
        dated_in=STAYS,
        each_day=True,
        otherwise="stage_history",
    )
    yield Presumption(
        "stage_order",
        "The order of the stages.",
        NO_STAGE_ORDER,
        _of("stages", "order"),
        dated_in=STAYS,
        remedies=_of("stages", "give_order"),
    )


@hookimpl
def kpi_note_words() -> Iterable[NoteWords]:
    """Give what notes about deals, purchases, surveys, forecasts and cohorts say."""
    return NOTE_WORDS


@hookimpl
def kpi_workspace_files() -> Iterable[WorkspaceFile]:
    """Give the file with the order of the stages."""
    yield WorkspaceFile(STAGE_ORDER, "order of the stages", _of("stage_order", "source_in"), ("stage",))


@hookimpl
def kpi_import_questions() -> Iterable[ImportQuestion]:
    """Give the question for the order of the stages."""
    ask, keep = _of("stage_question", "stage_question"), _of("stage_question", "keep_stages")
    yield ImportQuestion("stage_order", "In which order deals pass the stages.", ask, keep)
