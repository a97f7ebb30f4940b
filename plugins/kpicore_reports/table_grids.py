"""Tables of a report as cells: numbers as numbers, with the reason where there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kpicore import Note, Wording, is_good
from kpicore_reports.filled_sections import FigureTable, MemberTable, MonthTable, MyTable, ReportNumber, TableLine
from kpicore_reports.report_words import EMPTY, is_maturing
from kpicore_xlsx.grid import Grid, GridChart, Look
from kpicore_xlsx.number_formats import MONTH_FORMAT, change_format, change_value, number_format
from kpicore_xlsx.stacked import GridCell, grid_of
from kpicore_xlsx.styles import BAD, BODY, GOOD, HEADER, MUTED

REACHED = 6
"""The column of a table of figures that tells how much of a target is reached."""

_COLOURS = {True: GOOD, False: BAD, None: MUTED}


def figures_grid(section: FigureTable, now: str, wording: Wording) -> Grid:
    """Return KPIs below each other; `now` heads the numbers of the period."""
    rows = [_heads("KPI", (now, "Rows", "Before", "Change", "Target", "Reached"))]
    for number in section.numbers:
        unit = number.kpi.unit
        beside = (_plain(number.target, number_format(unit)), _plain(number.reached, "0%"))
        rows.append([*_compared(number, wording), *beside])
    return grid_of(rows)


def mine_grid(section: MyTable, wording: Wording) -> Grid:
    """Return my numbers beside the medians."""
    rows = [_heads("KPI", (section.me, "Rows", "Before", "Change", "Median", f"Of {section.others}"))]
    for mine in section.numbers:
        median = _plain(mine.median, number_format(mine.number.kpi.unit), mine.why if mine.median is None else "")
        rows.append([*_compared(mine.number, wording), median, _plain(mine.members, "#,##0", font_color=MUTED)])
    return grid_of(rows)


def members_grid(section: MemberTable, wording: Wording) -> Grid:
    """Return a row a member, all of them together below, and the remarks at the end."""
    by = " and ".join(name.replace("_", " ") for name in section.by)
    rows = [_heads(by.capitalize(), [kpi.title for kpi in section.kpis])]
    rows += [_line(line, wording) for line in section.lines]
    rows += [_line(section.whole, wording, bold=True)] if section.lines else []
    look = Look({"font_size": 9, "indent": 1, "italic": True, "text_wrap": True, "valign": "top"})
    rows += [[GridCell(remark, look)] for remark in section.remarks]
    last = len(section.lines)
    chart = GridChart(f"{section.kpis[0].title} by {by}", section.chart, (0, 0, last, 0), ((0, 1, last, 1),))
    return grid_of(rows, [chart] if section.chart and section.lines else [])


def months_grid(section: MonthTable, wording: Wording) -> Grid:
    """Return a row a month, a column a KPI and one for its target; a chart for each KPI."""
    month_look = Look({**BODY, "align": "left", "indent": 1}, MONTH_FORMAT)
    columns: list[list[GridCell]] = [[_head("Month"), *(GridCell(month.start, month_look) for month in section.months)]]
    charts = []
    last = len(section.months)
    for line in section.lines:
        places = [len(columns)]
        columns.append([_number_head(line.label), *(_number(number, wording) for number in line.numbers)])
        if any(number.target is not None for number in line.numbers):
            places.append(len(columns))
            columns.append([_number_head("Target"), *map(_target, line.numbers)])
        series = tuple((0, place, last, place) for place in places)
        goals = tuple(range(1, len(places)))
        charts.append(GridChart(f"{line.label} by month", "line", (0, 0, last, 0), series, goals))
    return grid_of(zip(*columns, strict=True), charts)


def _heads(label: str, heads: Sequence[str]) -> list[GridCell]:
    return [_head(label), *map(_number_head, heads)]


def _head(text: str) -> GridCell:
    return GridCell(text, Look({**HEADER, "indent": 1}))


def _number_head(text: str) -> GridCell:
    return GridCell(text, Look({**HEADER, "align": "right"}))


def _compared(number: ReportNumber, wording: Wording) -> Iterator[GridCell]:
    """Yield a KPI with its number, the rows behind it, the number before, and the change."""
    yield GridCell(number.kpi.title, Look({**BODY, "indent": 1}), number.kpi.meaning)
    yield _number(number, wording, bold=True)
    yield _plain(number.n, "#,##0", font_color=MUTED)
    before = number.before
    if before is None:
        yield GridCell(None, Look(BODY))
    else:
        yield _plain(before.value, number_format(before.unit), wording.sentence(before), font_color=MUTED)
    yield _change(number, wording)


def _number(number: ReportNumber, wording: Wording, **style: Any) -> GridCell:
    if number.answer is None and not number.why:
        return GridCell(EMPTY, Look({**BODY, "align": "right", "font_color": MUTED}))
    why = wording.sentence(number.answer) if number.answer else number.why
    return _plain(number.value, number_format(number.kpi.unit), why, **style)


def _with_rows(number: ReportNumber, wording: Wording, **style: Any) -> GridCell:
    """Return a rate with its rows in brackets, which are part of its format: the cell stays a number."""
    if number.value is None or not number.kpi.is_rate:
        return _number(number, wording, **style)
    rows = f'" ({number.n:,})"'
    shown = ";".join(part + rows for part in number_format(number.kpi.unit).split(";"))
    return _plain(number.value, shown, **style)


def _change(number: ReportNumber, wording: Wording) -> GridCell:
    """Return the change, which its format gives an arrow; green is good news and red is bad."""
    change, unit = number.change, number.kpi.unit
    if change is None:
        return _plain(None, change_format(unit), wording.note(Note("no_change")) if number.before else "")
    good = None if is_maturing(number) else is_good(change, number.kpi.better)
    return _plain(change_value(change, unit), change_format(unit), font_color=_COLOURS[good])


def _target(number: ReportNumber) -> GridCell:
    return _plain(number.target, number_format(number.kpi.unit))


def _plain(value: float | None, shown: str, why: str = "", **style: Any) -> GridCell:
    """Return a number, or an empty cell that tells why there is none."""
    return GridCell(value, Look({**BODY, "align": "right", **style}, shown), why if value is None else "")


def _line(line: TableLine, wording: Wording, **style: Any) -> list[GridCell]:
    label = GridCell(line.label, Look({**BODY, "indent": 1, **style}))
    return [label, *(_with_rows(number, wording, **style) for number in line.numbers)]
