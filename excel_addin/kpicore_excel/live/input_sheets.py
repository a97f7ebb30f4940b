"""The sheets of inputs: one for each way in which inputs add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpicore import AddsUp
from kpicore_excel.live.formulas import PART, PERIOD
from kpicore_excel.live.input_tables import Inputs, InputTable
from kpicore_excel.live.members import ALL
from kpicore_excel.live.request import WorkbookRequest
from kpicore_excel.live.sheet_cells import defined, heading, put_error
from kpicore_xlsx.cells import put_comment, put_number, put_row, put_text
from kpicore_xlsx.sections import one_page_wide, put_title
from kpicore_xlsx.workbooks import Looks

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

SHEETS = {
    AddsUp.TIME_AND_CUTS: (
        "Inputs",
        "They add up over time and members: formulas sum what is chosen. What has no row is 0.",
    ),
    AddsUp.CUTS: ("Inputs by period", "They add up over members, not over time: each period has its own rows."),
    AddsUp.NOT: (
        "Inputs as they are",
        "They do not add up: each period and choice has its own row, which is looked up.",
    ),
}
_PREFIX = {AddsUp.TIME_AND_CUTS: "in", AddsUp.CUTS: "at"}
_HEAD = 3
FIRST_ROW = _HEAD + 1


def write_data(book: Workbook, request: WorkbookRequest, inputs: Inputs, looks: Looks) -> None:
    """Write a sheet for each table that has columns."""
    for kind, table in inputs.tables.items():
        if table.columns:
            _write_table(book, book.add_worksheet(SHEETS[kind][0]), request, inputs, table, looks)


def _write_table(
    book: Workbook, sheet: Worksheet, request: WorkbookRequest, inputs: Inputs, table: InputTable, looks: Looks
) -> None:
    title, subtitle = SHEETS[table.kind]
    sheet.hide_gridlines(2)
    put_title(sheet, title, subtitle, looks)
    sheet.set_column(0, 0, 2)
    sheet.set_row(_HEAD, 48)
    if table.kind is AddsUp.NOT:
        first, rows = _write_questions(sheet, request, inputs, looks)
    else:
        first, rows = _write_keys(sheet, request, table, looks)
    sheet.set_column(first, first + len(table.columns), 16)
    last = _HEAD + max(len(rows), 1)
    for place, input_column in enumerate(table.columns, first):
        put_text(sheet, _HEAD, place, input_column.name, looks.header(font_size=8))
        put_comment(sheet, _HEAD, place, input_column.words)
    for name, place in columns_of(request, table).items():
        defined(book, name, sheet, FIRST_ROW, place, last, place)
    for row, key in enumerate(rows, _HEAD + 1):
        for column, number in table.rows.get(key, {}).items():
            if isinstance(number, str):
                put_error(sheet, row, first + column, number, looks)
            else:
                put_number(sheet, row, first + column, number, looks, num_format="#,##0.######")
    sheet.freeze_panes(_HEAD + 1, first)
    one_page_wide(sheet, _HEAD)
    if table.kind is not AddsUp.NOT and not any(members.many for members in request.lists):
        # Elsewhere rows are read by their place: who sorts them by a filter's arrow would see the numbers of others.
        sheet.autofilter(_HEAD, 1, last, first + len(table.columns) - 1)


def columns_of(request: WorkbookRequest, table: InputTable) -> dict[str, int]:
    """Return the names of a table's columns, each with its place on the sheet."""
    if table.kind is AddsUp.NOT:
        keys, first = {}, 3 + len(request.lists)
    else:
        keys = {PART if table.kind is AddsUp.TIME_AND_CUTS else PERIOD: 1}
        keys |= {f"{_PREFIX[table.kind]}_{dimension}": 3 + 2 * place for place, dimension in enumerate(request.by)}
        first = 3 + 2 * len(request.lists)
    return keys | {column.name: place for place, column in enumerate(table.columns, first)}


def _write_keys(
    sheet: Worksheet, request: WorkbookRequest, table: InputTable, looks: Looks
) -> tuple[int, list[tuple[int, ...]]]:
    """Write the part or period and the members of each row; return the first column behind them, and the rows."""
    by_time = table.kind is AddsUp.TIME_AND_CUTS
    rows = table.ordered(request.widest)
    periods = request.times.parts if by_time else [span.period for span in request.times.spans]
    put_row(sheet, _HEAD, 1, ("Part no." if by_time else "Period no.", "Period"), looks.header())
    sheet.set_column(1, 1, 9)
    sheet.set_column(2, 2, 22)
    for place, members in enumerate(request.lists):
        column = 3 + 2 * place
        put_row(sheet, _HEAD, column, (f"{heading(members.dimension)} no.", heading(members.dimension)), looks.header())
        sheet.set_column(column, column, 9)
        sheet.set_column(column + 1, column + 1, 22)
    for row, (number, *numbers) in enumerate(rows, _HEAD + 1):
        put_number(sheet, row, 1, number, looks)
        put_text(sheet, row, 2, periods[number - 1].key, looks.body())
        for place, (choices, member) in enumerate(zip(request.lists, numbers, strict=True)):
            put_number(sheet, row, 3 + 2 * place, member, looks)
            put_text(sheet, row, 4 + 2 * place, choices.choices[member - 1].label if member else ALL, looks.body())
    return 3 + 2 * len(request.lists), rows


def _write_questions(
    sheet: Worksheet, request: WorkbookRequest, inputs: Inputs, looks: Looks
) -> tuple[int, list[tuple[int, ...]]]:
    """Write the period and the members of each question; return the first column behind them, and the rows."""
    put_row(sheet, _HEAD, 1, ("Question", "Period", *(heading(dimension) for dimension in request.by)), looks.header())
    sheet.set_column(1, 1, 9)
    sheet.set_column(2, 2 + len(request.by), 22)
    labels = {
        members.dimension: {choice.members: choice.label for choice in members.choices} for members in request.lists
    }
    for row, lookup in enumerate(inputs.lookups, 1):
        put_number(sheet, _HEAD + row, 1, row, looks)
        put_text(sheet, _HEAD + row, 2, request.times.at(lookup.period).key, looks.body())
        for place, name in enumerate(request.by, 3):
            members = lookup.members.get(name)
            put_text(sheet, _HEAD + row, place, ALL if members is None else labels[name][members], looks.body())
    return 3 + len(request.by), [(row,) for row in range(1, len(inputs.lookups) + 1)]
