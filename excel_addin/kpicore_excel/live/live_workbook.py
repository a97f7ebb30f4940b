"""Writes the live workbook: the whole file, or nothing of it.

XlsxWriter: https://xlsxwriter.readthedocs.io
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kpicore import Note
from kpicore_excel.live import by_member, front, list_sheet, remarks, steps
from kpicore_excel.live.input_sheets import write_data
from kpicore_excel.live.input_tables import gathered
from kpicore_excel.live.lambda_names import write_calculators
from kpicore_excel.live.live import Live
from kpicore_excel.live.request import WorkbookRequest
from kpicore_xlsx.summary.about import write_about
from kpicore_xlsx.summary.catalogue import write_catalogue
from kpicore_xlsx.summary.contents import data_summary
from kpicore_xlsx.workbooks import Looks, whole_workbook

if TYPE_CHECKING:
    from xlsxwriter import Workbook

    from kpicore import Workspace

_FUNCTIONS = "The functions need kpicore's add-in; this workbook needs none."


def write_live_workbook(workspace: Workspace, request: WorkbookRequest, file: Path) -> None:
    """Write the workbook. The same data and question give the same file.

    Raises: KpiError when the file cannot be written, BadArgument when its sheets cannot hold what is asked.
    """
    inputs = gathered(workspace, request)
    with whole_workbook(file) as book:
        book.set_properties({"title": workspace.config.name, "created": workspace.data_time.replace(tzinfo=None)})
        book.set_size(2560, 1600)
        write_sheets(book, Live(workspace, request, inputs, Looks(book, workspace.wording)))


def write_sheets(book: Workbook, live: Live) -> None:
    """Write all sheets, the ones for people first."""
    live.know_shown()
    # Added before any is written: their order is the one that people see, and charts name sheets that come later.
    front_sheet = book.add_worksheet(front.SHEET)
    step_sheet = book.add_worksheet(steps.SHEET) if live.request.times.steps > 1 else None
    names = by_member.sheet_names(live.request.lists)
    member_sheets = [(members, book.add_worksheet(names[members.dimension])) for members in live.request.lists]
    front.write_front(book, front_sheet, live)
    if step_sheet is not None:
        steps.write_steps(step_sheet, live)
    for members, sheet in member_sheets:
        by_member.write_members(sheet, live, members)
    metrics = tuple(dict.fromkeys(kpi.definition.metric.id for kpi in live.request.kpis))
    summary = data_summary(live.workspace, live.request.times.at(live.request.times.offered), metrics)
    write_catalogue(book, summary, live.looks, _FUNCTIONS)
    write_calculators(book, live)
    errors = Note.of("errors_in_cells", column=remarks.HEAD_OF_REMARKS)
    write_about(book, summary, live.looks, live.workspace.wording.note(errors))
    write_data(book, live.request, live.inputs, live.looks)
    remarks.write_notes(book, book.add_worksheet(remarks.SHEET), live)
    list_sheet.write_lists(book, book.add_worksheet(list_sheet.SHEET), live.request, live.inputs, live.looks)
