"""Writing single things: answers, texts and dates. Text stays text, whatever it begins with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from kpicore import Answer, rounded
from kpicore_xlsx.number_formats import number_format
from kpicore_xlsx.styles import MUTED
from kpicore_xlsx.workbooks import Looks

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

NOT_AVAILABLE = "n/a"
"""What stands where there is no number."""

_LONGEST_TEXT = 32_767
_LARGEST_NUMBER = 9.99999999999999e307


def put_answer(sheet: Worksheet, row: int, column: int, answer: Answer | None, looks: Looks, **style: Any) -> None:
    """Write the value in its unit, or "n/a" with the reason in a comment: never 0, never an empty cell."""
    if answer is None:
        put_missing(sheet, row, column, "", looks, **style)
    elif answer.value is None:
        put_missing(sheet, row, column, looks.wording.sentence(answer), looks, **style)
    else:
        look = looks.body(num_format=number_format(answer.unit), align="right", **style)
        put_value(sheet, row, column, answer.value, look)


def put_missing(sheet: Worksheet, row: int, column: int, reason: str, looks: Looks, **style: Any) -> None:
    """Write "n/a", with the reason as a comment where there is one."""
    look = looks.body(**{"align": "right", **style, "font_color": MUTED, "italic": True})
    sheet.write_string(row, column, NOT_AVAILABLE, look)
    if reason:
        put_comment(sheet, row, column, reason)


def put_number(sheet: Worksheet, row: int, column: int, value: float | None, looks: Looks, **style: Any) -> None:
    """Write a number, or leave the cell empty where there is none."""
    look = looks.body(**{"align": "right", **style})
    if value is None:
        sheet.write_blank(row, column, None, look)
    else:
        put_value(sheet, row, column, value, look)


def put_value(sheet: Worksheet, row: int, column: int, value: float, look: Any) -> None:
    """Write a number as a number; one that is too large for a cell as a text."""
    if abs(value) <= _LARGEST_NUMBER:
        sheet.write_number(row, column, value, look)
    else:
        sheet.write_string(row, column, rounded(value, 0), look)


def put_text(sheet: Worksheet, row: int, column: int, text: str, look: Any) -> None:
    """Write a text as text, cut at what a cell can hold."""
    sheet.write_string(row, column, text[:_LONGEST_TEXT], look)


def put_date(sheet: Worksheet, row: int, column: int, day: date | None, look: Any) -> None:
    """Write a date as a date, or leave the cell empty."""
    if day is None:
        sheet.write_blank(row, column, None, look)
    else:
        sheet.write_datetime(row, column, datetime(day.year, day.month, day.day), look)


def put_comment(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Attach a note that shows when the pointer is on the cell."""
    lines = 1 + len(text) // 44
    sheet.write_comment(row, column, text, {"x_scale": 2.2, "height": 18 + 15 * lines, "font_size": 9})


def put_row(sheet: Worksheet, row: int, column: int, texts: Sequence[str], look: Any) -> None:
    """Write texts side by side."""
    for place, text in enumerate(texts):
        put_text(sheet, row, column + place, text, look)
