"""What kpi.toml says of Google Sheets: `[sheets]` and `[[sheet]]`, read into records and checked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from kpicore import (
    BadArgument,
    BadConfig,
    Config,
    KpiError,
    MissingDependency,
    Setting,
    SettingTable,
    Type,
    UnknownName,
    cuts_given,
    open_workspace,
    schedule_given,
)
from kpicore_sheets.addresses import cell_place, spreadsheet_address
from kpicore_sheets.overlaps import overlap
from kpicore_sheets.table import (
    ANSWERS_TAB,
    HISTORY,
    REPLACE,
    Content,
    FormulaContent,
    KpiContent,
    ReportContent,
    SheetTable,
)

_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")
_MODES = (REPLACE, HISTORY)
_CONTENTS = ("kpis", "report", "formulas")
_SCHEDULES = ("refresh", "every", "cron")
_OF_KPIS = ("grain", "compare", "targets", "status", "chart")


def setting_tables() -> Iterable[SettingTable]:
    """Return the tables of kpi.toml that this package reads."""
    credentials = (
        "the file of a service account or of a person, relative to kpi.toml; without it google-auth looks for one"
    )
    yield SettingTable("sheets", "How kpicore logs in to Google.", (Setting("credentials", Type.TEXT, credentials),))
    yield SettingTable(
        "sheet",
        "A table in Google Sheets that `kpi sheets sync` and `kpi sheets watch` keep up to date.",
        (
            Setting("name", Type.TEXT, "what you call it: lower-case letters, digits and _", required=True),
            Setting("spreadsheet", Type.TEXT, "the address of the spreadsheet, or its id", required=True),
            Setting("tab", Type.TEXT, "the tab; without it the one whose `gid` the address names"),
            Setting("cell", Type.TEXT, "the top left cell", "A1"),
            Setting("kpis", Type.TEXT, "KPIs by id: the columns", many=True),
            Setting("report", Type.TEXT, "or the report that is written"),
            Setting("formulas", Type.BOOLEAN, "or the answers to its KPI formulas, on the hidden tab `_kpi`", False),
            Setting("period", Type.TEXT, "the period, as in `kpi get`; kpis and reports need one"),
            Setting("grain", Type.TEXT, "a row for each, such as `month`"),
            Setting("by", Type.TEXT, "dimensions, a row for each value", many=True),
            Setting("where", Type.TEXT, "filters, as in `kpi get`: `region=North`", many=True),
            Setting("compare", Type.TEXT, "`previous` or `year`: columns with the value before and the change"),
            Setting("targets", Type.BOOLEAN, "columns with the target, and how much of it is reached", False),
            Setting("status", Type.BOOLEAN, "a column with good, fair or poor for each KPI whose bands tell", False),
            Setting("mode", Type.TEXT, "replace, or history: a block a run below the others", REPLACE, choices=_MODES),
            Setting("refresh", Type.TEXT, "`data`: whenever there is new data", choices=("data",)),
            Setting("every", Type.TEXT, "or so often, such as `15 min`"),
            Setting("cron", Type.TEXT, "or when cron says, in the time zone of the workspace"),
            Setting("chart", Type.TEXT, "a chart beside it: `line` or `bars`", choices=("line", "bars")),
        ),
        many=True,
        check=check_sheet,
    )


def check_sheet(written: Mapping[str, Any], before: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a `[[sheet]]` that cannot be, or that takes the place of one before it. Raises KpiError."""
    table = _sheet_table(written)
    for other in map(_sheet_table, before):
        if table.name == other.name:
            raise BadArgument(f"there is a [[sheet]] '{table.name}' already.", hint="Choose another name.")
        if problem := overlap(other, table):
            raise BadArgument(f"'{table.name}' {problem}.", hint="Give it another cell, or another tab.")


def settings_of(folder: Path) -> Config:
    """Return the settings of a workspace as its plugins read them; its data may be outdated. Raises KpiError."""
    with open_workspace(folder, may_remake=False) as workspace:
        return workspace.config


def sheet_tables(config: Config) -> tuple[SheetTable, ...]:
    """Return what `[[sheet]]` of a workspace says, in its order. Raises BadConfig where that was left unread."""
    return tuple(map(_sheet_table, _tables_read(config, "sheet")))


def chosen_tables(config: Config, names: Collection[str] = ()) -> list[SheetTable]:
    """Return the tables of those names, in the order of kpi.toml; all of them without names.

    Raises: KpiError where there is none, UnknownName.
    """
    tables = {table.name: table for table in sheet_tables(config)}
    if not tables:
        hint = 'Write one: name = "funnel", spreadsheet = "https://…", tab = "KPIs", kpis = ["…"], period = "…"'
        raise KpiError("kpi.toml has no [[sheet]].", hint=hint)
    for name in names:
        if name not in tables:
            raise UnknownName("[[sheet]]", name, tables, where="kpi.toml")
    return [table for name, table in tables.items() if not names or name in names]


def credentials_file(config: Config) -> str:
    """Return what `[sheets] credentials` says, "" for nothing. Raises BadConfig where that was left unread."""
    return next((str(table["credentials"] or "") for table in _tables_read(config, "sheets")), "")


def _tables_read(config: Config, name: str) -> Sequence[Mapping[str, Any]]:
    """Return the tables of that name. Raises BadConfig where they were left unread.

    They are where this plugin is shut out, and where they do not fit and another plugin has some of that name too.
    """
    tables = config.plugin_tables.get(name, ())
    if config.further.get(name) and not tables:
        raise BadConfig(f"{config.folder / 'kpi.toml'} {name}", "it was left unread", hint="Why: kpi check")
    return tables


def _sheet_table(written: Mapping[str, Any]) -> SheetTable:
    """Return the record of a `[[sheet]]`. Raises KpiError."""
    name = written["name"]
    if not _NAME.fullmatch(name):
        hint = "Write a letter, then lower-case letters, digits and _, at most 100: sales_funnel."
        raise BadArgument(f"'{name}' is no name of a table.", hint=hint)
    content = _content(written)
    address = spreadsheet_address(written["spreadsheet"])
    tab = written["tab"] or (ANSWERS_TAB if isinstance(content, FormulaContent) else "")
    if not tab and address.gid is None:
        raise BadArgument("no tab is named.", hint='Write tab = "KPIs", or an address that ends with #gid=….')
    row, column = cell_place(written["cell"])
    schedules = [key for key in _SCHEDULES if written[key]]
    if len(schedules) > 1:
        raise BadArgument(f"{_named(schedules)} are two schedules.", hint="Write one of them.")
    if written["every"] or written["cron"]:
        with suppress(MissingDependency):  # who reads kpi.toml for something else needs no cronsim
            schedule_given(written["every"] or "", written["cron"] or "", "UTC")
    if written["mode"] == HISTORY and not isinstance(content, KpiContent):
        raise BadArgument("only a table of kpis has a history.", hint='Leave mode out, or write kpis = ["…"].')
    return SheetTable(
        name,
        address.spreadsheet,
        content,
        tab,
        None if tab else address.gid,
        row,
        column,
        written["mode"],
        written["chart"] or "",
        written["refresh"] or "",
        written["every"] or "",
        written["cron"] or "",
    )


def _content(written: Mapping[str, Any]) -> Content:
    given = [key for key in _CONTENTS if written[key]]
    if len(given) != 1:
        problem = f"{_named(given)} are two things" if given else "it says nothing of what is written"
        raise BadArgument(f"{problem}.", hint="Write one of kpis, report, formulas = true.")
    (kind,) = given
    if kind == "formulas":
        _leave_out(written, kind, ("period", "by", "where", *_OF_KPIS))
        _check_answers_place(written)
        return FormulaContent()
    if not written["period"]:
        raise BadArgument("no period is named.", hint='Write period = "this quarter", as in kpi get.')
    where, by = cuts_given(written["where"] or ()), written["by"] or ()
    if kind == "report":
        _leave_out(written, kind, _OF_KPIS)
        return ReportContent(written["report"], written["period"], by, where)
    return KpiContent(
        written["kpis"],
        written["period"],
        written["grain"] or "",
        by,
        where,
        written["compare"] or "",
        written["targets"],
        written["status"],
    )


def _check_answers_place(written: Mapping[str, Any]) -> None:
    """Refuse another place for the answers than the one in which the script looks for them. Raises BadArgument."""
    if written["tab"] not in (None, ANSWERS_TAB):
        raise BadArgument("formulas are answered on a tab of their own.", hint=f"Leave tab out: it is {ANSWERS_TAB}.")
    if cell_place(written["cell"]) != (0, 0):
        raise BadArgument("answers to formulas begin at A1 of their tab.", hint="Leave cell out.")


def _leave_out(written: Mapping[str, Any], kind: str, keys: Iterable[str]) -> None:
    """Refuse keys that mean nothing for what is written. Raises BadArgument."""
    if needless := [key for key in keys if written[key]]:
        whose = "a report" if kind == "report" else "formulas"
        raise BadArgument(f"{whose} can have no {needless[0]}.", hint=f"Leave {needless[0]} out.")


def _named(keys: Sequence[str]) -> str:
    return " and ".join(keys)
