"""A table of KPIs as a grid of cells: heads that tell what they mean, numbers in their units, tints by the bands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from kpicore import CellFailure, CellScalar, KpiTable, TableColumn, range_words
from kpicore_xlsx.grid import Grid, GridChart, GridRow, Look, Scalar, Tint
from kpicore_xlsx.number_formats import change_format, change_value, number_format
from kpicore_xlsx.styles import BODY, HEADER, MUTED

_NAMES = ("period", "dimension", "status")
"""The kinds of columns that hold texts."""

_OF_TARGETS = ("target", "reached")

_HEADS: Mapping[bool, Look] = MappingProxyType(
    {True: Look({**HEADER, "indent": 1}), False: Look({**HEADER, "align": "right"})}
)
_NAME = Look({**BODY, "indent": 1})


def kpi_grid(table: KpiTable, *, chart: str = "") -> Grid:
    """Return a row of heads and the rows of a table, with a chart of its values: a "line", "bars" or "" for none.

    A cell without a number is empty, and its note tells why; where no row has a target, its head does so once. What the
    tints mean stands in words on the heads. A KPI whose bands tell no status has no column for one.
    """
    table = _with_known_statuses(table)
    head = GridRow(
        tuple(column.title for column in table.columns),
        tuple(_HEADS[column.kind in _NAMES] for column in table.columns),
    )
    looks = tuple(map(_look, table.columns))
    rows = (GridRow(tuple(map(_shown, row, table.columns)), looks) for row in table.rows)
    tints = (tint for at, column in enumerate(table.columns) for tint in _tints(table, at, column))
    return Grid((head, *rows), MappingProxyType(_notes(table)), tuple(tints), _charts(table, chart))


def _with_known_statuses(table: KpiTable) -> KpiTable:
    """Return a table without the columns of a status that no number can have."""
    judged = {_kpi(column) for column in table.columns if any(said.judgement.status for said in column.verdicts)}
    kept = [at for at, column in enumerate(table.columns) if column.kind != "status" or _kpi(column) in judged]
    if len(kept) == len(table.columns):
        return table
    rows = tuple(tuple(row[at] for at in kept) for row in table.rows)
    return replace(table, columns=tuple(table.columns[at] for at in kept), rows=rows)


def _kpi(column: TableColumn) -> tuple[str, str]:
    return column.metric.id if column.metric else "", column.variant


def _look(column: TableColumn) -> Look:
    if column.kind in _NAMES or column.unit is None:
        return _NAME
    muted = {"font_color": MUTED} if column.kind == "before" else {}
    shown = change_format(column.unit) if column.kind == "change" else number_format(column.unit)
    return Look({**BODY, "align": "right", **muted}, "0%" if column.kind == "reached" else shown)


def _shown(cell: CellScalar, column: TableColumn) -> Scalar:
    if isinstance(cell, CellFailure):
        return None
    if column.kind != "change" or column.unit is None or not isinstance(cell, float):
        return cell
    return change_value(cell, column.unit)


def _notes(table: KpiTable) -> dict[tuple[int, int], str]:
    """Return the notes by their cells: what heads mean, and why numbers are not there."""
    notes = {(0, at): words for at, column in enumerate(table.columns) if (words := "\n".join(_meaning(column)))}
    if table.notes and table.columns:
        notes[0, 0] = "\n".join([*table.notes, *([notes[0, 0]] if (0, 0) in notes else [])])
    # thousands of notes that all say the same hide the few that do not
    told_once = {at: why for at, column in enumerate(table.columns) if (why := _why_none(table, at, column))}
    notes |= {(0, at): why for at, why in told_once.items()}
    for at, row in enumerate(table.rows, 1):
        for place, cell in enumerate(row):
            if isinstance(cell, CellFailure) and place not in told_once:
                notes[at, place] = cell.message
    return notes


def _why_none(table: KpiTable, at: int, column: TableColumn) -> str:
    """Return why a column of targets is empty from top to bottom, "" where it is not."""
    if column.kind not in _OF_TARGETS or len(table.rows) < 2:
        return ""
    first = table.rows[0][at]
    if not isinstance(first, CellFailure) or not all(isinstance(row[at], CellFailure) for row in table.rows):
        return ""
    return f"None in any row. The first: {first.message}"


def _meaning(column: TableColumn) -> Iterator[str]:
    """Yield what a head has to say, line by line: the KPI and its meaning, and its bands in words."""
    if column.kind != "value":
        return
    yield f"{column.name}: {column.meaning}" if column.meaning else column.name
    for verdict in column.verdicts:
        judgement = verdict.judgement
        status = f"{judgement.status}, " if judgement.status else ""
        yield f"{status}{range_words(verdict.above, verdict.below, column.unit)}: {judgement.meaning}"


def _tints(table: KpiTable, at: int, column: TableColumn) -> Iterator[Tint]:
    last = len(table.rows)
    running = table.in_progress
    for verdict in column.verdicts:
        status = verdict.judgement.status
        areas = [(1, last)]
        # a target that is not reached is no verdict while its period is in progress
        if running and verdict.meanwhile.status != status:
            areas = [(1, running.start), (running.stop + 1, last)]
        for first, end in areas if status else ():
            if first <= end:
                yield Tint((first, at, end, at), status, verdict.above, verdict.below)


def _charts(table: KpiTable, kind: str) -> tuple[GridChart, ...]:
    """Return the chart of the values of a table, along its first column; of one unit, for an axis measures one."""
    values = [(at, column) for at, column in enumerate(table.columns) if column.kind == "value"]
    if not kind or not table.rows or table.columns[0].kind not in _NAMES:
        return ()
    drawn = [(at, column) for at, column in values if column.unit == values[0][1].unit]
    last = len(table.rows)
    title = ", ".join(column.title for _, column in drawn)
    return (GridChart(title, kind, (0, 0, last, 0), tuple((0, at, last, at) for at, _ in drawn)),)
