"""Native charts: made once, beside the table; later only their ranges follow, so that what people change stays."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from kpicore_sheets.sync.content import TableContent
from kpicore_sheets.sync.ids import TableIds
from kpicore_sheets.sync.rectangle import Rectangle
from kpicore_sheets.sync.spreadsheet import SeenTab
from kpicore_xlsx.grid import Area, GridChart

Json = dict[str, Any]
_KINDS: Mapping[str, str] = MappingProxyType({"line": "LINE", "bars": "COLUMN", "funnel": "BAR"})
_ROWS_OF_A_CHART = 18
MOST_CHARTS = 100
"""Of a table: so many ids are looked for when its charts are to go."""


def charts_digest(charts: Sequence[GridChart], rows: int) -> str:
    """Return how many charts a table has, and what stands for the cells they show; "" where there is none.

    Ranges that end with the table are the same however many rows it has.
    """
    shown = [[_open_end(area, rows) for area in (chart.labels, *chart.series)] for chart in charts]
    return f"{len(charts)} {sha256(repr(shown).encode()).hexdigest()[:8]}" if charts else ""


def charts_without_rows(before: str) -> str:
    """Return how many charts wait for a table to have rows again; then they are given its cells anew."""
    return f"{before.partition(' ')[0]} empty" if before else ""


def _open_end(area: Area, rows: int) -> tuple[int, ...]:
    top, left, bottom, right = area
    return top, left, -1 if bottom == rows - 1 else bottom, right


def chart_requests(
    ids: TableIds,
    tabs: Mapping[int, SeenTab],
    held: Rectangle,
    target: Rectangle,
    content: TableContent,
    before: str,
    *,
    wanted: bool,
    anew: bool,
) -> Iterator[Json]:
    """Yield what makes, changes and removes the charts of a table; `before` is their digest when it was written last.

    Where none are `wanted` they go; a table without rows has none for now. With `anew` rows or columns were inserted
    or deleted within the table, and its charts may show others than before.

    What people made of a chart stays: only its ranges follow. One that they deleted stays deleted.
    """
    charts, tab = content.charts, tabs[target.tab]
    made = before.partition(" ")[0]
    count = int(made) if made.isdecimal() else 0
    standing = {id: chart for other in tabs.values() for id, chart in other.charts.items()}
    if not wanted:
        own = {ids.chart(number) for number in range(MOST_CHARTS)}
        yield from charts_removed(ids, standing, range(MOST_CHARTS))
        standing = {id: chart for id, chart in standing.items() if id not in own}
    if not charts or (before == charts_digest(charts, content.height) and not anew):
        yield from _stretched_specs(standing, held, target) if held.height else ()
        return
    yield from charts_made(ids, tab, target, charts, count)
    for number, chart in enumerate(charts[:count]):
        if there := standing.pop(ids.chart(number), None):
            yield {"updateChartSpec": {"chartId": ids.chart(number), "spec": _aimed(there["spec"], target, chart)}}
    yield from charts_removed(ids, standing, range(len(charts), count))
    yield from _stretched_specs(standing, held, target) if held.height else ()


def charts_removed(ids: TableIds, standing: Collection[int], numbers: Iterable[int]) -> Iterator[Json]:
    """Yield what removes charts of a table."""
    for number in numbers:
        if ids.chart(number) in standing:
            yield {"deleteEmbeddedObject": {"objectId": ids.chart(number)}}


def _aimed(spec: Json, target: Rectangle, chart: GridChart) -> Json:
    """Return a chart as it is, with the cells that it is to show now."""
    fresh = chart_spec(target, chart)["basicChart"]
    basic = spec.get("basicChart")
    if basic is None:
        return spec  # people made another kind of it, which has its own ranges
    series, before = fresh["series"], basic.get("series", [])
    if len(series) == len(before):  # they have the colors that people gave them
        series = [{**new, **old, "series": new["series"]} for new, old in zip(series, before, strict=True)]
    return {**spec, "basicChart": {**basic, "domains": fresh["domains"], "series": series}}


def charts_made(
    ids: TableIds, tab: SeenTab, target: Rectangle, charts: Sequence[GridChart], first: int = 0
) -> Iterator[Json]:
    """Yield what makes the charts of a table from the `first` on, one below the other on its right."""
    for number, chart in enumerate(charts):
        if number >= first and ids.chart(number) not in tab.charts:
            yield _chart_made(ids, tab, target, number, chart_spec(target, chart))


def charts_moved(
    ids: TableIds,
    tabs: Mapping[int, SeenTab],
    tab: SeenTab,
    target: Rectangle,
    charts: Sequence[GridChart],
    *,
    wanted: bool,
) -> Iterator[Json]:
    """Yield what brings the charts that a table has to its new cells, with what people made of them.

    Those that are `wanted` and wait for rows show its head until then.
    """
    standing = {id: chart for other in tabs.values() for id, chart in other.charts.items()}
    yield from charts_removed(ids, standing, range(MOST_CHARTS))
    waiting = [number for number in range(MOST_CHARTS) if wanted and not charts and ids.chart(number) in standing]
    head = GridChart("", "line", (0, 0, 0, 0), ((0, 0, 0, 0),))
    for number, chart in (*enumerate(charts), *((number, head) for number in waiting)):
        if there := standing.get(ids.chart(number)):
            yield _chart_made(ids, tab, target, number, _aimed(there["spec"], target, chart))


def _chart_made(ids: TableIds, tab: SeenTab, target: Rectangle, number: int, spec: Json) -> Json:
    # the anchor must lie on the tab, and the tab need not be wider than the table
    anchor = {
        "sheetId": tab.id,
        "rowIndex": min(target.top + number * _ROWS_OF_A_CHART, max(tab.rows, target.bottom) - 1),
        "columnIndex": min(target.right + 1, max(tab.columns, target.right) - 1),
    }
    position = {"overlayPosition": {"anchorCell": anchor}}
    return {"addChart": {"chart": {"chartId": ids.chart(number), "spec": spec, "position": position}}}


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


def _stretched_specs(charts: Mapping[int, Json], held: Rectangle, target: Rectangle) -> Iterator[Json]:
    """Yield what lets charts that show a table to its last row do so again, whoever made them and wherever they are."""
    if held.bottom == target.bottom:
        return
    for id, chart in charts.items():
        spec = chart.get("spec", {})
        fresh = _stretched(spec, held, target)
        if fresh != spec:
            yield {"updateChartSpec": {"chartId": id, "spec": fresh}}


def _stretched(part: Any, held: Rectangle, target: Rectangle) -> Any:
    if isinstance(part, list):
        return [_stretched(item, held, target) for item in part]
    if not isinstance(part, Mapping):
        return part
    if _ends_with(part, held) and part.get("startRowIndex", 0) < target.bottom:
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
