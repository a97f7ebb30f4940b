"""Native charts: made once, beside the table; later only their ranges follow, so that what people change stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from kpicore_sheets.sync.ids import TableIds
from kpicore_sheets.sync.rectangle import Rectangle
from kpicore_sheets.sync.spreadsheet import SeenTab
from kpicore_xlsx.grid import Area, GridChart

Json = dict[str, Any]
_KINDS: Mapping[str, str] = MappingProxyType({"line": "LINE", "bars": "COLUMN", "funnel": "BAR"})
_ROWS_OF_A_CHART = 18


def charts_made(ids: TableIds, tab: SeenTab, target: Rectangle, charts: Sequence[GridChart]) -> Iterator[Json]:
    """Yield what makes the charts of a table, one below the other on its right."""
    for number, chart in enumerate(charts):
        if ids.chart(number) in tab.charts:
            continue
        # the anchor must lie on the tab, and the tab need not be wider than the table
        anchor = {
            "sheetId": tab.id,
            "rowIndex": min(target.top + number * _ROWS_OF_A_CHART, max(tab.rows, target.bottom) - 1),
            "columnIndex": min(target.right + 1, max(tab.columns, target.right) - 1),
        }
        position = {"overlayPosition": {"anchorCell": anchor}}
        made = {"chartId": ids.chart(number), "spec": chart_spec(target, chart), "position": position}
        yield {"addChart": {"chart": made}}


def chart_spec(target: Rectangle, chart: GridChart) -> Json:
    """Return a chart as ChartSpec: its first cells are the names."""
    kind = _KINDS.get(chart.kind, "COLUMN")
    basic: Json = {
        "chartType": kind,
        "legendPosition": "BOTTOM_LEGEND",
        "headerCount": 1,
        "domains": [{"domain": _source(target, chart.labels)}],
        "series": [
            {"series": _source(target, area), "targetAxis": "BOTTOM_AXIS" if kind == "BAR" else "LEFT_AXIS"}
            for area in chart.series
        ],
    }
    return {"title": chart.title, "basicChart": basic}


def _source(target: Rectangle, area: Area) -> Json:
    top, left, bottom, right = area
    first = target.top + top, target.left + left
    cells = Rectangle(target.tab, *first, target.top + bottom + 1, target.left + right + 1)
    return {"sourceRange": {"sources": [cells.json()]}}


def charts_stretched(tabs: Mapping[int, SeenTab], held: Rectangle, target: Rectangle) -> Iterator[Json]:
    """Yield what lets charts that show a table to its last row do so again, whoever made them and wherever they are."""
    if held.bottom == target.bottom:
        return
    for tab in tabs.values():
        for id, chart in tab.charts.items():
            spec = chart.get("spec", {})
            fresh = _stretched(spec, held, target)
            if fresh != spec:
                yield {"updateChartSpec": {"chartId": id, "spec": fresh}}


def _stretched(part: Any, held: Rectangle, target: Rectangle) -> Any:
    if isinstance(part, list):
        return [_stretched(item, held, target) for item in part]
    if not isinstance(part, Mapping):
        return part
    if _ends_with(part, held):
        return {**part, "endRowIndex": target.bottom}
    return {key: _stretched(item, held, target) for key, item in part.items()}


def _ends_with(part: Mapping[str, Any], held: Rectangle) -> bool:
    """Return whether a range lies in a table and ends with it."""
    return (
        part.get("endRowIndex") == held.bottom
        and part.get("sheetId", 0) == held.tab
        and held.top <= part.get("startRowIndex", 0) < held.bottom
        and held.left <= part.get("startColumnIndex", 0)
        and part.get("endColumnIndex", held.right + 1) <= held.right
    )
