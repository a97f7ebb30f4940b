"""What the sheets of a live workbook share: names of ranges, cells with errors, cells with formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kpicore import Answer, code_of
from kpicore_excel.looks import FAINT, Looks

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_ERROR_FORMULAS = {"#N/A": "=NA()", "#DIV/0!": "=1/0"}


def reference(sheet: str, row: int, column: int, last_row: int | None = None, last_column: int | None = None) -> str:
    """Return an absolute reference, to a cell or an area, with the name of its sheet.

    An area of one cell is written as an area: a program that takes it for a cell knows no first row of it.
    """
    from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell

    found = f"{quote_sheetname(sheet)}!{xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)}"
    if last_row is None or last_column is None:
        return found
    return f"{found}:{xl_rowcol_to_cell(last_row, last_column, row_abs=True, col_abs=True)}"


def defined(
    book: Workbook,
    name: str,
    sheet: Worksheet,
    row: int,
    column: int,
    last_row: int | None = None,
    last_column: int | None = None,
) -> None:
    """Give a range a name that formulas use."""
    book.define_name(name, f"={reference(sheet.get_name(), row, column, last_row, last_column)}")


def put_error(sheet: Worksheet, row: int, column: int, code: str, looks: Looks) -> None:
    """Write a native error, as a formula that gives it."""
    look = looks.body(font_color=FAINT, align="right")
    sheet.write_formula(row, column, _ERROR_FORMULAS.get(code, f"={code}"), look, code)


def heading(dimension: str) -> str:
    """Return "Loss reason"."""
    words = dimension.replace("_", " ")
    return words[:1].upper() + words[1:]


def text_in_formula(text: str) -> str:
    """Return a text as formulas write it, in quotes, with its own quotes doubled."""
    return '"' + text.replace('"', '""') + '"'


def cached(answer: Answer | None) -> float | str:
    """Return what a program that does not calculate shows: the engine's value, or its error."""
    if answer is None:
        return "#VALUE!"
    return code_of(answer.reason) if answer.value is None else answer.value


def one_page_wide(sheet: Worksheet, head: int) -> None:
    """Print a sheet one page wide, with its heads on each page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)


def grey_errors(sheet: Worksheet, area: tuple[int, int, int, int], looks: Looks) -> None:
    """Show errors of an area pale: they are told beside, and are no alarm."""
    look: Any = looks.difference(font_color=FAINT, italic=True)
    sheet.conditional_format(*area, {"type": "errors", "format": look})
