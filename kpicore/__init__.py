"""One definition of a KPI, the same number everywhere.

Names in `__all__` are public; all else may change without notice. They are imported when first
used, so that `kpi --help` stays fast. Type checkers read `__init__.pyi`, which `make docs` writes from the table.
"""

from __future__ import annotations

from importlib import import_module

_HOMES = {
    "cells": (
        "CellAnswers CellArgument CellCalculator CellCall CellFailure CellFunction CellRange CellResult CellScalar "
        "CellValue Cells MOST_CALLS answer_json cell_from_json cell_functions cell_to_json code_of request_from_json"
    ),
    "cli.asking": "cuts_given day_given",
    "cli.screen": "progress terminal_table workspace_option",
    "phrases": "cut_words time_words why_none",
    "plain_text": "harmless shortened",
    "config": "Config read_config write_config",
    "engine.calculators": "calculator",
    "engine.definitions": "Definition",
    "engine.reading.listed": "Listed ListedColumn",
    "engine.workings": "AddsUp InputValue Workings adds_up",
    "codes": "Code Codes plain_word",
    "entities": "Dimension Entity Field FirstSince Knowledge LookUp RollUp Type",
    "errors": (
        "BadArgument BadConfig BadCut BadDefinition BadExpression BadFile BadPeriod KpiError MissingDependency NoValue "
        "UnknownName UnknownWords WarehouseError"
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
__all__ = sorted(_HOME)


class NoSuchName(AttributeError):
    """Proposes the nearest name, when it is printed: each import of a module of the package raises one unseen."""

    def __str__(self) -> str:
        from difflib import get_close_matches

        nearest = get_close_matches(self.args[0], __all__, 1)
        hint = f". Did you mean '{nearest[0]}'?" if nearest else ""
        return f"module 'kpicore' has no attribute '{self.args[0]}'{hint}"


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise NoSuchName(name)
    found: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = found
    return found
