"""Writes a workbook of KPIs: overview, trends, a sheet a family, catalogue, and about the data.

XlsxWriter: https://xlsxwriter.readthedocs.io
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kpicore_xlsx.summary.about import write_about
from kpicore_xlsx.summary.catalogue import write_catalogue
from kpicore_xlsx.summary.contents import Summary, collect
from kpicore_xlsx.summary.families import write_families
from kpicore_xlsx.summary.overview import SHEET as OVERVIEW
from kpicore_xlsx.summary.overview import write_overview
from kpicore_xlsx.summary.trends import SHEET as TRENDS
from kpicore_xlsx.summary.trends import places, write_trends
from kpicore_xlsx.workbooks import Looks, whole_workbook

if TYPE_CHECKING:
    from xlsxwriter import Workbook

    from kpicore import Workspace


def write_workbook(workspace: Workspace, file: Path, period: str = "this quarter") -> Summary:
    """Write the workbook of a workspace for a period, and return what is in it.

    Raises: KpiError when the file cannot be written (another program has it open), BadPeriod.
    """
    summary = collect(workspace, period)
    write_summary(summary, file)
    return summary


def write_summary(summary: Summary, file: Path) -> None:
    """Write the workbook of a report. The same report gives the same file, byte for byte."""
    with whole_workbook(file) as book:
        _write_book(book, summary)


def _write_book(book: Workbook, summary: Summary) -> None:
    book.set_properties({"title": summary.name, "created": summary.data_time.replace(tzinfo=None)})
    book.set_size(2560, 1600)
    looks = Looks(book, summary.wording)
    at = places(summary)
    write_overview(book, book.add_worksheet(OVERVIEW), summary, at, looks)
    write_families(book, summary, at, looks)
    write_trends(book.add_worksheet(TRENDS), summary, at, looks)
    write_catalogue(book, summary, looks)
    write_about(book, summary, looks)
