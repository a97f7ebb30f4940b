"""The `values` part of the API: cells as lists of lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from kpicore.testing.sheets.cells import EmulatedCell, Formula, Json, check_length, without_value
from kpicore.testing.sheets.editing import Editing
from kpicore.testing.sheets.grid_range import Area, GridRange, written
from kpicore.testing.sheets.refusals import GoogleRefusal
from kpicore.testing.sheets.requests.line_requests import grow
from kpicore.testing.sheets.results import result_of
from kpicore.testing.sheets.shown import formatted, is_date, number_format, typed
from kpicore.testing.sheets.spreadsheet import EmulatedSpreadsheet
from kpicore.testing.sheets.tab import EmulatedTab

Query = Mapping[str, Sequence[str]]


def parameter(query: Query, name: str, default: str = "") -> str:
    """Return a parameter of the address."""
    return query.get(name, [default])[-1]


def get(spreadsheet: EmulatedSpreadsheet, range_: str, query: Query) -> Json:
    """Return the values of a range, without empty ones at the ends of rows and of the whole."""
    tab, rectangle = spreadsheet.named(range_)
    return _value_range(spreadsheet, tab, rectangle.within(tab.rows, tab.columns), _Rendering.of(query))


def batch_get(spreadsheet: EmulatedSpreadsheet, query: Query) -> Json:
    """Return the values of several ranges."""
    return {
        "spreadsheetId": spreadsheet.id,
        "valueRanges": [get(spreadsheet, range_, query) for range_ in query.get("ranges", ())],
    }


class _Rendering:
    """How values are answered."""

    def __init__(self, render: str, dates: str, dimension: str) -> None:
        self.render, self.dates, self.dimension = render, dates, dimension

    @classmethod
    def of(cls, query: Query, prefix: str = "") -> _Rendering:
        def named(name: str, default: str) -> str:
            return parameter(query, prefix + name[0].upper() + name[1:] if prefix else name, default)

        render, dates = named("valueRenderOption", "FORMATTED_VALUE"), named("dateTimeRenderOption", "SERIAL_NUMBER")
        return cls(render, dates, parameter(query, "majorDimension", "ROWS") or "ROWS")

    def value(self, spreadsheet: EmulatedSpreadsheet, cell: EmulatedCell) -> Any:
        if self.render == "FORMULA" and isinstance(cell.value, Formula):
            return str(cell.value)
        value, form = result_of(spreadsheet, cell.value), number_format(cell)
        if self.render == "FORMATTED_VALUE" or (self.dates == "FORMATTED_STRING" and is_date(form)):
            return formatted(value, form)
        return "" if value is None else value


def _value_range(spreadsheet: EmulatedSpreadsheet, tab: EmulatedTab, area: Area, rendering: _Rendering) -> Json:
    top, bottom, left, right = area
    rows: list[list[Any]] = []
    for row in range(top, bottom):
        cells = tab.cells.get(row, {})
        rows.append(
            [rendering.value(spreadsheet, cells[column]) if column in cells else "" for column in range(left, right)]
            if cells
            else []
        )
    if rendering.dimension == "COLUMNS":
        width = right - left
        rows = [[row[column] if row else "" for row in rows] for column in range(width)]
    result: Json = {"range": written(tab.title, *area), "majorDimension": rendering.dimension}
    values = _trimmed(rows)
    return result | {"values": values} if values else result


def _trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    for row in rows:
        while row and row[-1] == "":
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return rows


def update(editing: Editing, range_: str, body: Json, query: Query) -> Json:
    """Write values from the corner of a range; None leaves a cell as it is, an empty text clears it."""
    tab, rectangle = editing.spreadsheet.named(range_)
    return _write(editing, tab, rectangle, body, _input_option(parameter(query, "valueInputOption")), query)


def _input_option(option: str) -> bool:
    """Tell whether values are taken as if somebody typed them."""
    if option not in ("RAW", "USER_ENTERED"):
        raise GoogleRefusal("'valueInputOption' is required but not specified")
    return option == "USER_ENTERED"


def _write(editing: Editing, tab: EmulatedTab, rectangle: GridRange, body: Json, as_typed: bool, query: Query) -> Json:
    rows = body.get("values", [])
    if body.get("majorDimension") == "COLUMNS":
        height = max((len(column) for column in rows), default=0)
        rows = [[column[row] if row < len(column) else None for column in rows] for row in range(height)]
    top, left = rectangle.top or 0, rectangle.left or 0
    height, width = max(len(rows), 1), max([1, *(len(row) for row in rows)])
    _check_within(tab, rectangle, height, width)
    area = top, top + height, left, left + width
    given = GridRange(tab.sheet_id, *area).json()
    editing.spreadsheet.checked(given)
    editing.guard(GridRange(tab.sheet_id, *area))
    for row, values in enumerate(rows, top):
        for column, value in enumerate(values, left):
            if value is not None:
                tab.put(row, column, _cell(tab.cell(row, column), value, as_typed))
    result: Json = {"spreadsheetId": editing.spreadsheet.id, "updatedRange": written(tab.title, *area)}
    result |= {"updatedRows": height, "updatedColumns": width, "updatedCells": sum(len(row) for row in rows)}
    if parameter(query, "includeValuesInResponse").lower() == "true":
        rendering = _Rendering.of(query, "response")
        result["updatedData"] = _value_range(editing.spreadsheet, tab, area, rendering)
    return result


def _check_within(tab: EmulatedTab, rectangle: GridRange, height: int, width: int) -> None:
    """Refuse more values than a range of several cells holds; one cell is only where they begin."""
    top, bottom, left, right = rectangle.within(tab.rows, tab.columns)
    if bottom - top == 1 and right - left == 1:
        return
    shown = written(tab.title, top, bottom, left, right)
    if height > bottom - top:
        raise GoogleRefusal(f"Requested writing within range [{shown}], but tried writing to row [{bottom + 1}]")
    if width > right - left:
        raise GoogleRefusal(f"Requested writing within range [{shown}], but tried writing to column [{right + 1}]")


def _cell(cell: EmulatedCell, value: Any, as_typed: bool) -> EmulatedCell:
    if isinstance(value, list | dict):
        raise GoogleRefusal(f"Invalid values: a cell cannot hold {type(value).__name__}.")
    if value == "":
        return without_value(cell)
    if isinstance(value, str):
        check_length(value)
    if not as_typed or not isinstance(value, str):
        return replace(cell, value=value)
    meant, form = typed(value)
    if form and "numberFormat" not in (cell.format or {}):
        return replace(cell, value=meant, format={**(cell.format or {}), **form})
    return replace(cell, value=meant)


def batch_update(editing: Editing, body: Json) -> Json:
    """Write values into several ranges."""
    as_typed = _input_option(body.get("valueInputOption", ""))
    options = ("responseValueRenderOption", "responseDateTimeRenderOption")
    query: dict[str, list[str]] = {name: [str(body[name])] for name in options if name in body}
    if body.get("includeValuesInResponse"):
        query["includeValuesInResponse"] = ["true"]
    touched: dict[int, list[Area]] = {}
    responses = []
    for data in body.get("data", []):
        tab, rectangle = editing.spreadsheet.named(data.get("range", ""))
        answer = _write(editing, tab, rectangle, data, as_typed, query)
        top, left = rectangle.top or 0, rectangle.left or 0
        area = top, top + answer["updatedRows"], left, left + answer["updatedColumns"]
        touched.setdefault(tab.sheet_id, []).append(area)
        responses.append(answer)
    rows = sum(len({row for top, bottom, _, _ in areas for row in range(top, bottom)}) for areas in touched.values())
    columns = sum(len({at for _, _, left, right in areas for at in range(left, right)}) for areas in touched.values())
    return {
        "spreadsheetId": editing.spreadsheet.id,
        "totalUpdatedRows": rows,
        "totalUpdatedColumns": columns,
        "totalUpdatedCells": sum(answer["updatedCells"] for answer in responses),
        "totalUpdatedSheets": len(touched),
        "responses": responses,
    }


def append(editing: Editing, range_: str, body: Json, query: Query) -> Json:
    """Write values below the table that a range lies in; without one, where the range begins."""
    tab, rectangle = editing.spreadsheet.named(range_)
    as_typed = _input_option(parameter(query, "valueInputOption"))
    rows = body.get("values", [])
    table = _table_around(tab, rectangle)
    top = table[1] if table else rectangle.top or 0
    left = table[2] if table else rectangle.left or 0
    if parameter(query, "insertDataOption") == "INSERT_ROWS" and table:
        raise GoogleRefusal("the emulator does not know INSERT_ROWS", 501)
    over = top + len(rows) - tab.rows
    if over > 0:
        grow(editing, tab, "ROWS", over)
    wide = left + max([1, *(len(row) for row in rows)]) - tab.columns
    if wide > 0:
        grow(editing, tab, "COLUMNS", wide)
    corner = GridRange(tab.sheet_id, top, top + 1, left, left + 1)
    result: Json = {"spreadsheetId": editing.spreadsheet.id}
    if table:
        result["tableRange"] = written(tab.title, *table)
    return result | {"updates": _write(editing, tab, corner, body, as_typed, query)}


def _table_around(tab: EmulatedTab, rectangle: GridRange) -> Area | None:
    """Return the block of filled cells that meets a range, grown until empty rows and columns are around it."""
    area = rectangle.within(tab.rows, tab.columns)
    filled = [(row, column) for row, column, cell in tab.filled(area) if cell.value is not None]
    if not filled:
        return None
    top, left = min(filled)[0], min(column for _, column in filled)
    bottom, right = top + 1, left + 1
    while True:
        around = max(0, top - 1), bottom + 1, max(0, left - 1), right + 1
        cells = [(row, column) for row, column, cell in tab.filled(around) if cell.value is not None]
        rows, columns = [row for row, _ in cells], [column for _, column in cells]
        grown = min(rows), max(rows) + 1, min(columns), max(columns) + 1
        if grown == (top, bottom, left, right):
            return grown
        top, bottom, left, right = grown


def clear(editing: Editing, range_: str) -> Json:
    """Clear the values of a range; formats and notes stay."""
    return {"spreadsheetId": editing.spreadsheet.id, "clearedRange": _cleared(editing, range_)}


def batch_clear(editing: Editing, body: Json) -> Json:
    """Clear the values of several ranges."""
    cleared = [_cleared(editing, range_) for range_ in body.get("ranges", ())]
    return {"spreadsheetId": editing.spreadsheet.id, "clearedRanges": cleared}


def _cleared(editing: Editing, range_: str) -> str:
    tab, rectangle = editing.spreadsheet.named(range_)
    area = rectangle.within(tab.rows, tab.columns)
    editing.guard(GridRange(tab.sheet_id, *area))
    for row, column, cell in list(tab.filled(area)):
        tab.put(row, column, without_value(cell))
    return written(tab.title, *area)
