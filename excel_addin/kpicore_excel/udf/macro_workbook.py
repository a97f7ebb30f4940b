"""The workbook with macros: xlwings' own VBA project, its configuration sheet, and a sheet of KPIs to begin with."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Sequence
from datetime import datetime
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpicore import CellCall, CellFailure, CellResult, Cells, KpiError, Metric, MissingDependency, Workspace
from kpicore_xlsx.number_formats import MOMENT_FORMAT, number_format
from kpicore_xlsx.styles import BAND, MUTED, NAVY
from kpicore_xlsx.summary.contents import HEADLINES
from kpicore_xlsx.workbooks import Looks, whole_workbook

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

PERIODS = ("this month", "this quarter", "this year")
MOST_ROWS = 12
_FIRST_ROW = 4  # counted from 0, as XlsxWriter does
_STEPS = (
    "First ribbon xlwings > Import Functions, then Refresh. Periods in C4:E4 and ids in A5 and below are yours to "
    "change; =KPI_LIST() lists them."
)


def vba_project() -> bytes:
    """Return the VBA project of the quickstart file in the installed xlwings. Raises MissingDependency."""
    spec = find_spec("xlwings")
    if spec is None or not spec.submodule_search_locations:
        raise MissingDependency("xlwings", "excel")
    with zipfile.ZipFile(Path(spec.submodule_search_locations[0]) / "quickstart.xlsm") as archive:
        return archive.read("xl/vbaProject.bin")


def interpreter() -> str:
    """Return the Python of this environment that opens no window; on other systems that on the path of Windows."""
    return str(Path(sys.executable).with_name("pythonw.exe")) if sys.platform == "win32" else "pythonw"


def write_macro_workbook(workspace: Workspace, file: Path, module: str) -> None:
    """Write the workbook whose functions are in a Python module beside it.

    Raises: KpiError when the file cannot be written, MissingDependency.
    """
    with whole_workbook(file) as book:
        _write_book(book, workspace, file.resolve().parent, module)


def _write_book(book: Workbook, workspace: Workspace, folder: Path, module: str) -> None:
    book.add_vba_project(BytesIO(vba_project()), is_stream=True)
    book.set_vba_name("ThisWorkbook")
    looks = Looks(book, workspace.wording)
    _write_kpis(book, book.add_worksheet("KPI"), workspace, looks)
    _write_configuration(book.add_worksheet("xlwings.conf"), folder, module, looks)
    for sheet, name in zip(book.worksheets(), ("Sheet1", "Sheet2"), strict=True):
        sheet.set_vba_name(name)  # what xlwings' VBA project calls its sheets


def _write_configuration(sheet: Worksheet, folder: Path, module: str, looks: Looks) -> None:
    rows: Sequence[tuple[str, str | bool]] = (
        ("Interpreter_Win", interpreter()),
        ("PYTHONPATH", str(folder)),
        ("UDF Modules", module),
        ("Debug UDFs", False),
        ("Use UDF Server", False),
        ("Show Console", False),
    )
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    for row, (name, value) in enumerate(rows):
        sheet.write_string(row, 0, name, looks.get(bold=True))
        if isinstance(value, bool):
            sheet.write_boolean(row, 1, value, looks.get(align="left"))
        else:
            sheet.write_string(row, 1, value, looks.get())


def _write_kpis(book: Workbook, sheet: Worksheet, workspace: Workspace, looks: Looks) -> None:
    metrics = _first_metrics(workspace)
    periods = [workspace.period(period).key for period in PERIODS]
    calls = [CellCall("KPI_ASOF"), *(CellCall("KPI", (metric.id, period)) for metric in metrics for period in periods)]
    if metrics:
        calls.append(CellCall("KPI_EXPLAIN", (metrics[0].id, periods[0])))
    cells = Cells(workspace.config.folder)
    values = iter(cells.answer(calls).results)
    cells.close()
    _write_head(sheet, workspace, periods, next(values), looks)
    for row, metric in enumerate(metrics, _FIRST_ROW):
        sheet.write_string(row, 0, metric.id, looks.get(bg_color=BAND))
        sheet.write_string(row, 1, metric.name, looks.get())
        shown = looks.get(num_format=number_format(metric.unit))
        for column in range(2, 2 + len(periods)):
            sheet.write_formula(row, column, f"=KPI($A{row + 1},{'ABCDE'[column]}$4)", shown, _cached(next(values)))
    if metrics:
        row = _FIRST_ROW + len(metrics) + 1
        sheet.write_string(row, 0, "What stands behind the first number:", looks.get(font_color=MUTED))
        first = _cached(next(values))
        formula = f"=KPI_EXPLAIN($A${_FIRST_ROW + 1},$C$4)"
        sheet.write_dynamic_array_formula(row + 1, 0, row + 1, 0, formula, looks.get(), first)


def _write_head(sheet: Worksheet, workspace: Workspace, periods: Sequence[str], time: CellResult, looks: Looks) -> None:
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 40)
    sheet.set_column(2, 4, 16)
    sheet.write_string(0, 0, workspace.config.name, looks.get(bold=True, font_size=14, font_color=NAVY))
    sheet.write_string(1, 0, "Data from", looks.get(font_color=MUTED))
    sheet.write_formula(1, 1, "=KPI_ASOF()", looks.get(num_format=MOMENT_FORMAT, align="left"), _cached(time))
    sheet.write_string(2, 0, _STEPS, looks.get(font_color=MUTED))
    for column, name in enumerate(("KPI", "Name")):
        sheet.write_string(3, column, name, looks.get(bold=True, bottom=1))
    for column, period in enumerate(periods, 2):
        sheet.write_string(3, column, period, looks.get(bold=True, bottom=1, bg_color=BAND, align="right"))
    sheet.insert_button(0, 2, {"macro": "KpiRefresh", "caption": "Refresh", "width": 90, "height": 26})
    sheet.insert_button(0, 3, {"macro": "KpiWhy", "caption": "Why?", "width": 90, "height": 26})
    sheet.freeze_panes(_FIRST_ROW, 0)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _first_metrics(workspace: Workspace) -> list[Metric]:
    """Return the KPIs that people look at first, as many as the workspace has and a page shows."""
    metrics = workspace.registry.metrics
    return [metrics[id] for id in HEADLINES if id in metrics and _stands_alone(workspace, id)][:MOST_ROWS]


def _stands_alone(workspace: Workspace, id: str) -> bool:
    """Return whether a KPI has a value without a cut."""
    try:
        definition = workspace.definitions.get(*workspace.definitions.named(id))
    except KpiError:
        return False  # `kpi plugins` tells of a definition that is broken
    return not definition.spec.needs_cut


def _cached(result: CellResult) -> Any:
    """Return a result as the file holds it until Excel calculates."""
    if isinstance(result, tuple):
        # of a table the first cell, as a file holds one value for a formula
        return _cached(result[0][0])  # type: ignore[arg-type]
    if isinstance(result, CellFailure):
        return result.code
    if isinstance(result, datetime):
        since = result - datetime(1899, 12, 30)
        return since.days + since.seconds / 86_400
    return result
