"""One definition of a KPI, the same number everywhere.

Names in `__all__` are public; all else may change without notice. They are imported when first
used, so that `kpi --help` stays fast. Type checkers read `__init__.pyi`, which `make docs` writes from the table.
"""

from __future__ import annotations

from importlib import import_module

_HOMES = {
    "cells": (
        "answer_json cell_from_json cell_functions cell_to_json CellAnswers CellCall CellFailure CellRange CellResult "
        "Cells CellScalar CellValue code_of MOST_CALLS request_from_json"
    ),
    "cli.asking": "cuts_given day_given period_option where_option",
    "cli.screen": "console json_option print_json progress terminal_table workspace_option",
    "codes": "Code Codes plain_word",
    "config": "Config read_config",
    "config_text": "toml",
    "core_entities": "FX_RATE GOAL TARGET",
    "derived": "BuildContext DerivedEntity",
    "engine.calculators": "calculator",
    "engine.definitions": "Definition",
    "engine.made_tables": "Binding Tables",
    "engine.reading.listed": "Listed ListedColumn",
    "engine.workings": "adds_up AddsUp InputValue Workings",
    "entities": "Dimension Entity Field FirstSince How LookUp RollUp RowCheck Type",
    "errors": (
        "BadArgument BadBuild BadConfig BadCut BadDefinition BadExpression BadFile BadPeriod KpiError "
        "MissingDependency NoValue UnknownName UnknownWords WarehouseError"
    ),
    "evidence": "Evidence",
    "expressions": "formula_excel formula_javascript JAVASCRIPT_RUNTIME names Node parse_formula parse_row row_sql",
    "features": "Feature",
    "figures": "attainment change change_in_points is_good number rounded",
    "file_locks": "changing",
    "functions": "CellArgument CellCalculator CellFunction",
    "given": "count_given grain_named text_given texts_given",
    "hookspecs": "hookimpl",
    "import_questions": "ImportQuestion",
    "inputs": (
        "average count distinct DURING earlier earliest END latest MEAN median metric per percentile standing START "
        "target total"
    ),
    "judging": "beside judged Judgement meant",
    "listings": "Column Listing",
    "load": "LoadReport",
    "load.columns": "literal quoted",
    "metrics": "Band Calculator Example Metric Variant",
    "new_workspace": "write_config",
    "note_wording": "note_texts note_words",
    "notes": "MATURING Note TO_DATE UNCOVERED UNKNOWN_WORDS",
    "ordered_choice": "OrderedChoice",
    "pages": "Page PageContext",
    "periods": "Calendar Grain Period",
    "phrases": "cut_words time_words why_none",
    "plain_text": "harmless shortened",
    "presumptions": "Presumption",
    "questions": "Answer NO_DATA NONE NOT_LOADED NOT_STARTED Question ZERO_DENOMINATOR",
    "registry": "Registry",
    "reports": "Breakdown Figures Report Section titled Trend",
    "rules": "Rule Words",
    "settings": "MATURING_DAYS Setting SettingTable",
    "sources": "Batch Source SourceKind Unreadable",
    "turns": "aside GivenUp pause Turn Turns",
    "units": (
        "Better COUNT DAYS HIGHER HOURS LOWER MEAN_COUNT MINUTES MONEY MONEY_PER_MONTH NEUTRAL PER_YEAR POINTS RATIO "
        "SCORE SHARE Unit YEARS"
    ),
    "warehouse.duckdb.dialect": "DUCKDB",
    "warehouse.kinds": "check_loads_here WarehouseKind",
    "warehouse.port": "EntityState Member State Warehouse",
    "warehouse.standard": "StandardDialect",
    "whole_files": "write_whole written_whole",
    "wording": "counted input_words",
    "workspace": "open_workspace Workspace",
    "workspace_files": "WorkspaceFile",
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
