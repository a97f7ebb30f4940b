"""One definition of a KPI, the same number everywhere.

Names in `__all__` are public; all else may change without notice. They are imported when first
used, so that `kpi --help` stays fast. Type checkers read `__init__.pyi`, which `make docs` writes from the table.
"""

from __future__ import annotations

from importlib import import_module

_HOMES = {
    "spreadsheet": (
        "answer_json cell_from_json cell_functions cell_to_json CellAnswers CellCall CellFailure CellRange CellResult "
        "Cells CellScalar CellValue code_of MOST_CALLS request_from_json"
    ),
    "spreadsheet.kpi_table": "kpi_table KpiTable",
    "spreadsheet.narrowed": "narrowing_given",
    "spreadsheet.table_columns": "TableColumn",
    "spreadsheet.prefetch": "calls_in",
    "spreadsheet.script": "cells_javascript function_shape javascript_literal",
    "cli.subcommands": "CommandGroup",
    "cli.answers_file": "AnswersFile read_answers",
    "cli.asking": "cuts_given day_given period_option where_option",
    "cli.interview": "Interview LOADED",
    "cli.screen": "console fits json_option print_json progress terminal_table workspace_option",
    "cli.terminal_questions": "terminal_asker",
    "model.codes": "Code Codes plain_word",
    "config.reader": "check_source_kinds Config read_config",
    "config.source_tables": "source_secret",
    "config.template": "toml",
    "registry.core_entities": "FX_RATE GOAL TARGET",
    "model.derived_entities": "BuildContext DerivedEntity",
    "engine.answer.calculators": "calculator",
    "engine.engine": "Engine",
    "engine.compile.definitions": "Definition Definitions",
    "engine.scan.made_tables": "Binding Tables",
    "engine.explain.listings": "Listed ListedColumn",
    "engine.explain.input_values": "adds_up AddsUp InputValue Workings",
    "model.schema": "Dimension Entity Field FirstSince How LookUp RollUp RowCheck Type day_name",
    "errors": (
        "BadArgument BadBuild BadConfig BadCut BadDefinition BadExpression BadFile BadPeriod KpiError "
        "MissingDependency NoValue OtherIdentity RowsGivenAlready RowsReplaced TooMuchLost UnknownName UnknownWords "
        "WarehouseError"
    ),
    "model.evidence": "Evidence",
    "language": "formula_excel formula_javascript formula_python formula_sql JAVASCRIPT_RUNTIME MissingInput names "
    "Node parse_formula parse_row row_sql",
    "model.features": "Feature",
    "model.figures": "attainment change change_in_points is_good number per_cent rounded",
    "scheduling.jobs": "Job",
    "scheduling.loop": "run_jobs",
    "scheduling.one_instance": "one_instance",
    "scheduling.schedules": "Schedule schedule_given",
    "scheduling.stopping": "Stop stopped_by_signals",
    "utils.clock": "Clock MachineClock",
    "utils.file_locks": "changing",
    "utils.isolation": "tell_traceback",
    "model.functions": "CellArgument CellCalculator CellFunction",
    "calendar.fiscal": "ListedMonths",
    "calendar.custom_months": "read_listed_months",
    "calendar.arguments": "count_given grain_named text_given texts_given word_given",
    "plugins.hookspecs": "hookimpl",
    "plugins.installed": "load_plugins",
    "plugins.manager": "PluginReport Plugins",
    "model.import_questions": "ImportQuestion",
    "model.inputs": (
        "Aggregate At average count distinct DURING earlier earliest END Input latest MEAN median metric per "
        "percentile Standing standing START target total"
    ),
    "insight.bands": "judged Judgement meant Verdict",
    "insight.ranking": "beside",
    "insight.result": "Result",
    "model.kpi_requests": "KpiRequest",
    "model.listings": "Column Listing",
    "ingest": "EntityReport LoadReport SourceReport Vanished",
    "model.load_questions": "answer_to Asker Choice id_of LoadAnswer LoadQuestion question_from_json question_to_json "
    "yes_or_no",
    "ingest.raw.sql_types": "given_fields",
    "text.sql_text": "literal quoted",
    "model.metrics": "Band Calculator Example Metric Variant",
    "new_workspace": "write_config",
    "model.narrowing": "Narrowing WHOLE",
    "model.notes": "MATURING Note TO_DATE UNCOVERED UNKNOWN_WORDS",
    "model.pages": "BrokenPage Page PageContext",
    "calendar": "Calendar Grain Period",
    "text.plain_text": "harmless shortened",
    "model.presumptions": "Presumption",
    "model.questions": "Answer NO_DATA NONE NOT_LOADED NOT_STARTED Question ZERO_DENOMINATOR",
    "registry.registry": "Registry",
    "model.reports": "Breakdown Figures Report Section titled Trend",
    "model.rules": "Rule Words",
    "model.settings": "MATURING_DAYS Setting SettingTable",
    "model.source_messages": "Children Gone Limit Message Original Reached Rows DayRange Whole",
    "model.originals": "KeptOriginal",
    "model.source_kinds": "record_link SourceKind Stream",
    "model.sources": "Batch Source StreamSource Unreadable",
    "turns": "aside GivenUp pause Turn Turns",
    "model.units": (
        "Better COUNT DAYS HIGHER HOURS LOWER MEAN_COUNT MINUTES MONEY MONEY_PER_MONTH NEUTRAL PER_YEAR POINTS RATIO "
        "SCORE SHARE Unit YEARS"
    ),
    "warehouse.duckdb.dialect": "DUCKDB",
    "warehouse.kinds": "check_loads_here WarehouseKind",
    "warehouse.port": "EntityState LoadedWarehouse Member SourceState State Warehouse",
    "warehouse.standard": "StandardDialect",
    "utils.toml_files": "given_twice toml_document toml_text",
    "utils.whole_files": "write_whole written_whole",
    "wording.inputs": "input_words",
    "wording.note_words": "counted NoteWords",
    "wording.phrases": "cut_words data_words range_words time_words told_on_top",
    "wording.wording": "Wording",
    "workspace": "open_workspace Workspace",
    "model.workspace_files": "WorkspaceFile",
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
    value: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value
