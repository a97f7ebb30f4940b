"""Writes a workbook of KPIs: overview, trends, a sheet a family, catalogue, and about the data.

XlsxWriter: https://xlsxwriter.readthedocs.io
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kpicore_xlsx.summary.about import write_about
from kpicore_xlsx.summary.catalogue import write_catalogue
from kpicore_xlsx.summary.contents import Report, collect
from kpicore_xlsx.summary.families import write_families
from kpicore_xlsx.summary.overview import SHEET as OVERVIEW
from kpicore_xlsx.summary.overview import write_overview
from kpicore_xlsx.summary.trends import SHEET as TRENDS
from kpicore_xlsx.summary.trends import places, write_trends
from kpicore_xlsx.workbooks import Looks, whole_workbook

if TYPE_CHECKING:
    from xlsxwriter import Workbook

    from kpicore import Workspace


def write_workbook(workspace: Workspace, file: Path, period: str = "this quarter") -> Report:
    """Write the workbook of a workspace for a period, and return what is in it.

    Raises: KpiError when the file cannot be written (another program has it open), BadPeriod.
    """
    report = collect(workspace, period)
    write_report(report, file)
    return report


def write_report(report: Report, file: Path) -> None:
    """Write the workbook of a report. The same report gives the same file, byte for byte."""
    with whole_workbook(file) as book:
        _write_book(book, report)


def _write_book(book: Workbook, report: Report) -> None:
    book.set_properties({"title": report.name, "created": report.data_time.replace(tzinfo=None)})
    book.set_size(2560, 1600)
    looks = Looks(book, report.wording)
    at = places(report)
    write_overview(book, book.add_worksheet(OVERVIEW), report, at, looks)
    write_families(book, report, at, looks)
    write_trends(book.add_worksheet(TRENDS), report, at, looks)
    write_catalogue(book, report, looks)
    write_about(book, report, looks)
