"""The live workbook: every KPI cell is a formula over sheets of inputs, so it works offline, without an add-in."""

from __future__ import annotations

from kpicore_excel.live.live_kpis import LiveKpi
from kpicore_excel.live.live_workbook import write_live_workbook
from kpicore_excel.live.question_cells import QuestionCell, write_cells
from kpicore_excel.live.request import WorkbookRequest, workbook_request

__all__ = [
    "LiveKpi",
    "QuestionCell",
    "WorkbookRequest",
    "workbook_request",
    "write_cells",
    "write_live_workbook",
]
