"""What the sheets of a live workbook share: names of ranges, cells with errors, cells with formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kpicore import Answer, code_of
from kpicore_xlsx.addresses import reference
from kpicore_xlsx.styles import FAINT
from kpicore_xlsx.workbooks import Looks

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_ERROR_FORMULAS = {"#N/A": "=NA()", "#DIV/0!": "=1/0"}


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


def grey_errors(sheet: Worksheet, area: tuple[int, int, int, int], looks: Looks) -> None:
    """Show errors of an area pale: they are told beside, and are no alarm."""
    look: Any = looks.difference(font_color=FAINT, italic=True)
    sheet.conditional_format(*area, {"type": "errors", "format": look})
