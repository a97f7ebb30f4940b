"""The live workbook: every KPI cell is a formula over sheets of inputs, so it works offline, without an add-in."""

from __future__ import annotations

from kpicore_excel.live.live_kpis import LiveKpi
from kpicore_excel.live.live_workbook import write_live_workbook
from kpicore_excel.live.question_cells import CellAsked, write_cells
from kpicore_excel.live.request import Asked, asked

__all__ = ["Asked", "CellAsked", "LiveKpi", "asked", "write_cells", "write_live_workbook"]
