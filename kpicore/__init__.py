"""One definition of a KPI, the same number everywhere.

Names in `__all__` are public; all else may change without notice. They are imported when first
used, so that `kpi --help` stays fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpicore.cells import (
        MOST_CALLS,
        CellAnswers,
        CellArgument,
        CellCalculator,
        CellCall,
        CellFailure,
        CellFunction,
        CellRange,
        CellResult,
        Cells,
        CellScalar,
        CellValue,
        answer_json,
        cell_from_json,
        cell_functions,
        cell_to_json,
        code_of,
        request_from_json,
    )
    from kpicore.cli.asking import cuts_given, day_given
    from kpicore.cli.screen import progress, terminal_table, workspace_option
    from kpicore.codes import Code, Codes, plain_word
    from kpicore.config import Config, read_config, write_config
    from kpicore.derived import BuildContext, DerivedEntity
    from kpicore.engine.calculators import calculator
    from kpicore.engine.definitions import Definition
    from kpicore.engine.reading.listed import Listed, ListedColumn
    from kpicore.engine.workings import AddsUp, InputValue, Workings, adds_up
    from kpicore.entities import Dimension, Entity, Field, FirstSince, Knowledge, LookUp, RollUp, RowCheck, Type
    from kpicore.errors import (
        BadArgument,
        BadBuild,
        BadConfig,
        BadCut,
        BadDefinition,
        BadExpression,
        BadFile,
        BadPeriod,
        KpiError,
        MissingDependency,
        NoValue,
        UnknownName,
        UnknownWords,
        WarehouseError,
    )
    from kpicore.expressions import (
        JAVASCRIPT_RUNTIME,
        Node,
        formula_excel,
        formula_javascript,
        names,
        parse_formula,
        parse_row,
        row_sql,
    )
    from kpicore.file_locks import changing
    from kpicore.given import grain_named
    from kpicore.hookspecs import hookimpl
    from kpicore.inputs import (
        DURING,
        END,
        MEAN,
        START,
        average,
        count,
        distinct,
        earlier,
        earliest,
        latest,
        median,
        metric,
        per,
        percentile,
        standing,
        target,
        total,
    )
    from kpicore.judging import Judgement, attainment, beside, judged, meant
    from kpicore.listings import Column, Listing
    from kpicore.load import LoadReport
    from kpicore.load.columns import literal, quoted
    from kpicore.metrics import Band, Calculator, Example, Metric, Variant
    from kpicore.note_wording import note_texts, note_words
    from kpicore.notes import MATURING, TO_DATE, UNCOVERED, Note
    from kpicore.pages import Page, PageContext
    from kpicore.periods import Calendar, Grain, Period
    from kpicore.phrases import cut_words, time_words, why_none
    from kpicore.plain_text import harmless, shortened
    from kpicore.questions import NO_STAGE_HISTORY, NO_STAGE_ORDER, NONE, Answer, Question
    from kpicore.registry import Registry
    from kpicore.reports import Breakdown, Figures, Report, Section, Trend, titled
    from kpicore.result import change, change_in_points, is_good, rounded
    from kpicore.rules import Rule, Words
    from kpicore.settings import Setting, SettingTable
    from kpicore.sources import Batch, Source, SourceKind, Unreadable
    from kpicore.stage_order import Stage, StageOrder, StageOrderSource, order_stages, read_stage_order, stages_of
    from kpicore.turns import GivenUp, Turn, Turns, aside, pause
    from kpicore.units import (
        COUNT,
        DAYS,
        HIGHER,
        HOURS,
        LOWER,
        MEAN_COUNT,
        MINUTES,
        MONEY,
        MONEY_PER_MONTH,
        NEUTRAL,
        PER_YEAR,
        POINTS,
        RATIO,
        SCORE,
        SHARE,
        YEARS,
        Better,
        Unit,
    )
    from kpicore.whole_files import write_whole, written_whole
    from kpicore.wording import counted, input_words
    from kpicore.workspace import Workspace, open_workspace

_HOMES = {
    "cells": (
        "CellAnswers CellArgument CellCalculator CellCall CellFailure CellFunction CellRange CellResult CellScalar "
        "CellValue Cells MOST_CALLS answer_json cell_from_json cell_functions cell_to_json code_of request_from_json"
    ),
    "cli.asking": "cuts_given day_given",
    "cli.screen": "progress terminal_table workspace_option",
    "phrases": "cut_words time_words why_none",
    "plain_text": "harmless shortened",
    "derived": "BuildContext DerivedEntity",
    "config": "Config read_config write_config",
    "engine.calculators": "calculator",
    "engine.definitions": "Definition",
    "engine.reading.listed": "Listed ListedColumn",
    "engine.workings": "AddsUp InputValue Workings adds_up",
    "codes": "Code Codes plain_word",
    "entities": "Dimension Entity Field FirstSince Knowledge LookUp RollUp RowCheck Type",
    "errors": (
        "BadArgument BadBuild BadConfig BadCut BadDefinition BadExpression BadFile BadPeriod KpiError "
        "MissingDependency NoValue UnknownName UnknownWords WarehouseError"
    ),
    "expressions": "JAVASCRIPT_RUNTIME Node formula_excel formula_javascript names parse_formula parse_row row_sql",
    "file_locks": "changing",
    "given": "grain_named",
    "hookspecs": "hookimpl",
    "inputs": (
        "DURING END MEAN START average count distinct earlier earliest latest median metric per percentile "
        "standing target total"
    ),
    "judging": "Judgement attainment beside judged meant",
    "listings": "Column Listing",
    "load": "LoadReport",
    "load.columns": "literal quoted",
    "metrics": "Band Calculator Example Metric Variant",
    "pages": "Page PageContext",
    "periods": "Calendar Grain Period",
    "note_wording": "note_texts note_words",
    "notes": "MATURING Note TO_DATE UNCOVERED",
    "questions": "Answer NONE NO_STAGE_HISTORY NO_STAGE_ORDER Question",
    "registry": "Registry",
    "reports": "Breakdown Figures Report Section Trend titled",
    "result": "change change_in_points is_good rounded",
    "rules": "Rule Words",
    "settings": "Setting SettingTable",
    "sources": "Batch Source SourceKind Unreadable",
    "turns": "GivenUp Turn Turns aside pause",
    "units": (
        "Better COUNT DAYS HIGHER HOURS LOWER MEAN_COUNT MINUTES MONEY MONEY_PER_MONTH NEUTRAL PER_YEAR POINTS RATIO "
        "SCORE SHARE Unit YEARS"
    ),
    "whole_files": "write_whole written_whole",
    "wording": "counted input_words",
    "stage_order": "Stage StageOrder StageOrderSource order_stages read_stage_order stages_of",
    "workspace": "Workspace open_workspace",
}
_HOME = {name: f"kpicore.{module}" for module, names in _HOMES.items() for name in names.split()}

__version__ = "0.1.0"
__all__ = [
    "COUNT",
    "DAYS",
    "DURING",
    "END",
    "HIGHER",
    "HOURS",
    "JAVASCRIPT_RUNTIME",
    "LOWER",
    "MATURING",
    "MEAN",
    "MEAN_COUNT",
    "MINUTES",
    "MONEY",
    "MONEY_PER_MONTH",
    "MOST_CALLS",
    "NEUTRAL",
    "NONE",
    "NO_STAGE_HISTORY",
    "NO_STAGE_ORDER",
    "PER_YEAR",
    "POINTS",
    "RATIO",
    "SCORE",
    "SHARE",
    "START",
    "TO_DATE",
    "UNCOVERED",
    "YEARS",
    "AddsUp",
    "Answer",
    "BadArgument",
    "BadBuild",
    "BadConfig",
    "BadCut",
    "BadDefinition",
    "BadExpression",
    "BadFile",
    "BadPeriod",
    "Band",
    "Batch",
    "Better",
    "Breakdown",
    "BuildContext",
    "Calculator",
    "Calendar",
    "CellAnswers",
    "CellArgument",
    "CellCalculator",
    "CellCall",
    "CellFailure",
    "CellFunction",
    "CellRange",
    "CellResult",
    "CellScalar",
    "CellValue",
    "Cells",
    "Code",
    "Codes",
    "Column",
    "Config",
    "Definition",
    "DerivedEntity",
    "Dimension",
    "Entity",
    "Example",
    "Field",
    "Figures",
    "FirstSince",
    "GivenUp",
    "Grain",
    "InputValue",
    "Judgement",
    "Knowledge",
    "KpiError",
    "Listed",
    "ListedColumn",
    "Listing",
    "LoadReport",
    "LookUp",
    "Metric",
    "MissingDependency",
    "NoValue",
    "Node",
    "Note",
    "Page",
    "PageContext",
    "Period",
    "Question",
    "Registry",
    "Report",
    "RollUp",
    "RowCheck",
    "Rule",
    "Section",
    "Setting",
    "SettingTable",
    "Source",
    "SourceKind",
    "Stage",
    "StageOrder",
    "StageOrderSource",
    "Trend",
    "Turn",
    "Turns",
    "Type",
    "Unit",
    "UnknownName",
    "UnknownWords",
    "Unreadable",
    "Variant",
    "WarehouseError",
    "Words",
    "Workings",
    "Workspace",
    "adds_up",
    "answer_json",
    "aside",
    "attainment",
    "average",
    "beside",
    "calculator",
    "cell_from_json",
    "cell_functions",
    "cell_to_json",
    "change",
    "change_in_points",
    "changing",
    "code_of",
    "count",
    "counted",
    "cut_words",
    "cuts_given",
    "day_given",
    "distinct",
    "earlier",
    "earliest",
    "formula_excel",
    "formula_javascript",
    "grain_named",
    "harmless",
    "hookimpl",
    "input_words",
    "is_good",
    "judged",
    "latest",
    "literal",
    "meant",
    "median",
    "metric",
    "names",
    "note_texts",
    "note_words",
    "open_workspace",
    "order_stages",
    "parse_formula",
    "parse_row",
    "pause",
    "per",
    "percentile",
    "plain_word",
    "progress",
    "quoted",
    "read_config",
    "read_stage_order",
    "request_from_json",
    "rounded",
    "row_sql",
    "shortened",
    "stages_of",
    "standing",
    "target",
    "terminal_table",
    "time_words",
    "titled",
    "total",
    "why_none",
    "workspace_option",
    "write_config",
    "write_whole",
    "written_whole",
]


class NoSuchName(AttributeError):
    """Proposes the nearest name, when it is printed: each import of a module of the package raises one unseen."""

    def __str__(self) -> str:
        from difflib import get_close_matches

        nearest = get_close_matches(self.args[0], __all__, 1)
        hint = f". Did you mean '{nearest[0]}'?" if nearest else ""
        return f"module 'kpicore' has no attribute '{self.args[0]}'{hint}"


if not TYPE_CHECKING:  # to a type checker there is no name but those above

    def __getattr__(name: str) -> object:
        if name not in _HOME:
            raise NoSuchName(name)
        found: object = getattr(import_module(_HOME[name]), name)
        globals()[name] = found
        return found
