"""The live workbook: every KPI cell is a formula over sheets of inputs, so it works offline, without an add-in."""

from __future__ import annotations

from kpicore_excel.live.asked import Asked, asked
from kpicore_excel.live.book import write_live_workbook
from kpicore_excel.live.kpis import LiveKpi
from kpicore_excel.live.single import CellAsked, write_cells

__all__ = ["Asked", "CellAsked", "LiveKpi", "asked", "write_cells", "write_live_workbook"]
