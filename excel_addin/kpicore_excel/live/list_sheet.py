"""The sheet that formulas read what is chosen from: periods, members, and what the choice means in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpicore_excel.live.input_tables import PROGRESS, Inputs
from kpicore_excel.live.members import ALL
from kpicore_excel.live.places import (
    CHOSEN_PERIOD,
    CUT_ROW,
    NOW,
    before,
    chosen,
    criterion,
    cuts_per_period,
    number_of,
    place_of_cut,
)
from kpicore_excel.live.request import WorkbookRequest
from kpicore_excel.live.sheet_cells import defined, heading, put_error
from kpicore_xlsx.cells import put_number, put_row, put_text
from kpicore_xlsx.number_formats import DAY_FORMAT
from kpicore_xlsx.sections import one_page_wide, put_title
from kpicore_xlsx.workbooks import Looks

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

SHEET = "Lists"
_CHOICE, _HEAD = 4, 16
_WIDTHS = {1: 24, 7: 26, 8: 48}
"""Of periods, how far they are, and their days."""
REFUSED_CELL = "#VALUE!"


def write_lists(book: Workbook, sheet: Worksheet, request: WorkbookRequest, inputs: Inputs, looks: Looks) -> None:
    """Write the sheet, and define the names of everything on it."""
    sheet.hide_gridlines(2)
    put_title(sheet, SHEET, "What the lists offer, and what is chosen, in the numbers that formulas match by.", looks)
    sheet.set_column(0, 0, 2)
    sheet.set_column(1, 60, 15)
    for column, width in _WIDTHS.items():
        sheet.set_column(column, column, width)
    last = _write_periods(book, sheet, request, inputs, looks)
    _write_members(book, sheet, request, last + 2, looks)
    _write_choice(book, sheet, request, looks)
    sheet.freeze_panes(2, 2)
    one_page_wide(sheet, 0)
    sheet.ignore_errors({"number_stored_as_text": "A1:ZZ100000"})


def _write_periods(book: Workbook, sheet: Worksheet, request: WorkbookRequest, inputs: Inputs, looks: Looks) -> int:
    """Write one row a period; return the last column."""
    times = request.times
    put_text(sheet, _HEAD - 1, 1, "Periods", looks.section)
    heads = ["Period", "Number", "First part", "Last part", "From", "To", "In progress", "With its days"]
    names = ["period_key", "period_number", "period_first", "period_last"]
    names += ["period_from", "period_to", "period_progress", "period_told"]
    columns: list[list[object]] = [
        [span.period.key for span in times.spans],
        list(range(1, len(times.spans) + 1)),
        [span.first for span in times.spans],
        [span.last for span in times.spans],
        [span.period.start for span in times.spans],
        [span.period.last for span in times.spans],
        [*inputs.of_periods[PROGRESS]],
        [span.period.with_days for span in times.spans],
    ]
    for row, numbers in enumerate(times.befores):
        heads.append("Compared with" if row == 0 else "Plans compared with")
        names.append(f"period_{before(row)}")
        columns.append([*numbers, *[0] * (len(times.spans) - len(numbers))])
    for name in sorted(inputs.of_periods.keys() - {PROGRESS}):
        heads.append(name.replace("_", ".", 1))
        names.append(name)
        columns.append([*inputs.of_periods[name]])
    for name, statuses in inputs.statuses.items():
        heads.append(name.replace("_", " "))
        names.append(name)
        columns.append(list(statuses))
    for place, (head, name, values) in enumerate(zip(heads, names, columns, strict=True), 1):
        put_text(sheet, _HEAD, place, head, looks.header())
        for row, value in enumerate(values, _HEAD + 1):
            _put(sheet, row, place, value, looks)
        defined(book, name, sheet, _HEAD + 1, place, _HEAD + len(values), place)
    defined(book, "offered_periods", sheet, _HEAD + 1, 1, _HEAD + times.offered, 1)
    defined(book, "offered_numbers", sheet, _HEAD + 1, 2, _HEAD + times.offered, 2)
    return len(heads)


def _put(sheet: Worksheet, row: int, column: int, value: object, looks: Looks) -> None:
    from datetime import date, datetime

    if isinstance(value, date):
        sheet.write_datetime(
            row, column, datetime(value.year, value.month, value.day), looks.body(num_format=DAY_FORMAT)
        )
    elif isinstance(value, int | float):
        put_number(sheet, row, column, value, looks)
    elif isinstance(value, str) and value.startswith("#"):
        put_error(sheet, row, column, value, looks)
    else:
        put_text(sheet, row, column, str(value or ""), looks.body(indent=int(column > 1)))


def _write_members(book: Workbook, sheet: Worksheet, request: WorkbookRequest, column: int, looks: Looks) -> None:
    for members in request.lists:
        put_text(sheet, _HEAD - 1, column, heading(members.dimension), looks.section)
        put_row(sheet, _HEAD, column, ("Choice", "Number", "In the data"), looks.header())
        rows = [(ALL, 0, ""), *((choice.label, choice.number, ", ".join(choice.members)) for choice in members.choices)]
        for row, (label, number, member) in enumerate(rows, _HEAD + 1):
            put_text(sheet, row, column, label, looks.body())
            put_number(sheet, row, column + 1, number, looks)
            put_text(sheet, row, column + 2, member, looks.body(indent=1))
        last = _HEAD + len(rows)
        defined(book, f"list_{members.dimension}", sheet, _HEAD + 1, column, last, column)
        defined(book, f"numbers_{members.dimension}", sheet, _HEAD + 1, column + 1, last, column + 1)
        column += 4


def _write_choice(book: Workbook, sheet: Worksheet, request: WorkbookRequest, looks: Looks) -> None:
    """Write what is chosen: the period and what it is compared with, row by row; the members beside."""
    put_row(sheet, _CHOICE - 1, 1, ("Chosen", "Period no.", "First part", "Last part", "Question"), looks.header())
    number = _number_formula(CHOSEN_PERIOD, "offered_periods", "offered_numbers")
    rows = [(NOW, "Period", number, request.times.offered)]
    for row, befores in enumerate(request.times.befores):
        number_before = f"INDEX(period_{before(row)},{NOW}_period)"
        label = "Compared with" if row == 0 else "Plans compared with"
        rows.append((before(row), label, f"=IF({number_before}=0,NA(),{number_before})", befores[-1]))
    for row, (name, label, formula, value) in enumerate(rows, _CHOICE):
        put_text(sheet, row, 1, label, looks.body())
        span = request.times.spans[value - 1] if value else None
        formulas = (
            (f"{name}_period", formula, value or "#N/A"),
            (f"{name}_first", f"=INDEX(period_first,{name}_period)", span.first if span else "#N/A"),
            (f"{name}_last", f"=INDEX(period_last,{name}_period)", span.last if span else "#N/A"),
            (
                f"{name}_row",
                f"=({name}_period-1)*{cuts_per_period(request)}+{CUT_ROW}",
                (value - 1) * cuts_per_period(request) + 1 if value else "#N/A",
            ),
        )
        for place, (defined_name, cell_formula, cached) in enumerate(formulas, 2):
            sheet.write_formula(row, place, cell_formula, looks.body(align="right"), cached)
            defined(book, defined_name, sheet, row, place)
    _write_chosen_members(book, sheet, request, looks)


def _number_formula(choice: str, offered: str, numbers: str) -> str:
    """Return the formula of the number of what is chosen, an error where the list lacks it: nothing is trimmed."""
    # MATCH would take a * in a name for anything; &"" makes an emptied cell a text, which is on no list.
    same = f'({offered}={choice}&"")'
    return f"=IF(SUMPRODUCT(--{same})=1,SUMPRODUCT({same}*{numbers}),NA())"


def _write_chosen_members(book: Workbook, sheet: Worksheet, request: WorkbookRequest, looks: Looks) -> None:
    put_row(sheet, _CHOICE - 1, 7, ("Chosen", "Number", "Matched by", "If one", "If all"), looks.header())
    for row, dimension in enumerate(request.by, _CHOICE):
        put_text(sheet, row, 7, heading(dimension), looks.body())
        number = number_of(dimension)
        formulas = (
            (number, _number_formula(chosen(dimension), f"list_{dimension}", f"numbers_{dimension}"), 0),
            (criterion(dimension), f'=IF({number}=0,">=0",{number})', ">=0"),
            (f"one_{dimension}", f"=IF({number}=0,{REFUSED_CELL},0)", REFUSED_CELL),
            (f"all_{dimension}", f"=IF({number}=0,0,{REFUSED_CELL})", 0),
        )
        for place, (name, formula, cached) in enumerate(formulas, 8):
            sheet.write_formula(row, place, formula, looks.body(align="right"), cached)
            defined(book, name, sheet, row, place)
    row = _CHOICE + len(request.by)
    put_text(sheet, row, 7, "Question of a period", looks.body())
    numbers = {dimension: number_of(dimension) for dimension in request.by}
    sheet.write_formula(row, 8, f"={place_of_cut(request, numbers)}", looks.body(align="right"), 1)
    defined(book, CUT_ROW, sheet, row, 8)
