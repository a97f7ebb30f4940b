"""Excel: a workbook of KPIs from a workspace."""

from __future__ import annotations

from kpicore_excel.report import Line, Report, collect
from kpicore_excel.workbook import write_report, write_workbook

__all__ = ["Line", "Report", "collect", "write_report", "write_workbook"]
