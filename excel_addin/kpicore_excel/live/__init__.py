"""The live workbook: every KPI cell is a formula over sheets of inputs, so it works offline, without an add-in."""

from __future__ import annotations

from kpicore_excel.live.asked import Asked, LiveKpi, asked
from kpicore_excel.live.book import write_live_workbook

__all__ = ["Asked", "LiveKpi", "asked", "write_live_workbook"]
