"""What spreadsheets hand over and get back: values of cells, ranges, and failures that show as native errors."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kpicore.calendar import Period
from kpicore.errors import BadArgument, BadConfig, BadDefinition, KpiError, NoValue, UnknownName, WarehouseError
from kpicore.model import questions
from kpicore.model.figures import number_change
from kpicore.model.notes import Note
from kpicore.model.questions import Answer
from kpicore.model.units import Unit
from kpicore.text.plain_text import shortened
from kpicore.turns import parts
from kpicore.wording.wording import Wording

DIV_0, NA, NAME, NUM, VALUE = "#DIV/0!", "#N/A", "#NAME?", "#NUM!", "#VALUE!"
"""The errors of every spreadsheet: zero denominator, no data, unknown KPI, no finite number, bad argument."""

ERROR_CODES = (DIV_0, NA, NAME, NUM, VALUE, "#NULL!", "#REF!")
_LONGEST_MESSAGE = 2_000
_LARGEST = sys.float_info.max
_NO_NUMBER = "a number is none, or too large for a cell."


@dataclass(frozen=True, slots=True)
class CellFailure:
    """A native error of a spreadsheet, with the one line that a host shows where it can."""

    code: str
    message: str = ""


CellScalar = None | bool | int | float | str | date | CellFailure
"""One cell: empty, a truth value, a number, text, a day or a moment (in the organisation's zone), an error."""

CellRange = tuple[tuple[CellScalar, ...], ...]
"""The cells of a range, row by row."""

CellValue = CellScalar | CellRange


@dataclass(frozen=True, slots=True)
class CellCall:
    """A call of a spreadsheet function: its name, whatever the case, and the values of its arguments in order."""

    name: str
    arguments: tuple[CellValue, ...] = ()


def failed(error: KpiError, words: str = "") -> CellFailure:
    """Return the failure that shows an error: its native code, and its one line or the words for who asked."""
    code = VALUE
    if isinstance(error, BadDefinition) or (
        isinstance(error, UnknownName) and error.kind in ("function", "KPI", "variant")
    ):
        code = NAME
    elif isinstance(error, WarehouseError | BadConfig):
        code = NA
    elif isinstance(error, NoValue):
        code = code_of(error.reason)
    return CellFailure(code, words or str(error))


_REASON_CODES = {questions.ZERO_DENOMINATOR: DIV_0, questions.UNDEFINED: NUM}


def code_of(reason: str | None) -> str:
    """Return the native error for the reason why an answer has no value."""
    return _REASON_CODES.get(reason or "", NA)


def cell_to_json(value: CellValue) -> object:
    """Return a value as JSON holds it: null, true, 0.5, "text", {"date": "2026-03-14"},
    {"error": "#N/A", "message": "…"}, and a range as a list of rows."""
    if isinstance(value, tuple):
        return [[cell_to_json(cell) for cell in row] for batch in parts(value, holding=_width(value)) for row in batch]
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, CellFailure):
        return {"error": value.code, "message": value.message}
    return value


def cell_from_json(given: object) -> CellValue:
    """Return the value that JSON holds, in the form of `cell_to_json`. Raises BadArgument."""
    if not isinstance(given, list):
        return _scalar(given)
    rows = tuple(_row(row) for batch in parts(given, holding=_width(given)) for row in batch)
    if len({len(row) for row in rows}) > 1:
        raise BadArgument("a range has rows of different lengths.")
    return rows


def _width(rows: Sequence[object]) -> int:
    """Return how many cells a row has, as the first one tells."""
    return len(rows[0]) if rows and isinstance(rows[0], list | tuple) else 1


def _row(value: object) -> tuple[CellScalar, ...]:
    return tuple(map(_scalar, value)) if isinstance(value, list) else (_scalar(value),)


def _scalar(value: object) -> CellScalar:
    # written so that NaN, of which no comparison holds, is refused too
    if isinstance(value, int | float) and not -_LARGEST <= value <= _LARGEST:
        return CellFailure(NUM, _NO_NUMBER)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, dict) and isinstance(text := value.get("date"), str):
        return _moment(text)
    if isinstance(value, dict) and value.get("error") in ERROR_CODES:
        message = value.get("message")
        return CellFailure(
            str(value["error"]), shortened(message, _LONGEST_MESSAGE) if isinstance(message, str) else ""
        )
    raise BadArgument("a value of a cell is null, true, false, a number, text, a date or an error.")


def _moment(text: str) -> date:
    try:
        return datetime.fromisoformat(text) if "T" in text or " " in text else date.fromisoformat(text)
    except ValueError:
        raise BadArgument(f"'{text}' is no date.", hint="Write 2026-03-14 or 2026-03-14T09:30:00.") from None


def scalars(value: CellValue) -> Sequence[CellScalar]:
    """Return the cells of a value in reading order; one that is no range stands alone."""
    return [cell for row in value for cell in row] if isinstance(value, tuple) else (value,)


def answered(answer: Answer, wording: Wording) -> float | CellFailure:
    """Return the value of an answer, or the error that tells why there is none."""
    return answer.value if answer.value is not None else without_value(answer, wording)


def without_value(answer: Answer, wording: Wording) -> CellFailure:
    """Return the error that tells why an answer has no value."""
    return CellFailure(code_of(answer.reason), wording.why_none(answer))


def changed(
    now: float | CellFailure, before: float | CellFailure, unit: Unit, earlier: Period, wording: Wording
) -> float | CellFailure:
    """Return how much a value in a unit changed from that of the `earlier` period, or the error that tells why not.

    As `kpi get --compare` tells it: of shares and points the difference, else a fraction.
    """
    if isinstance(now, CellFailure) or isinstance(before, CellFailure):
        return now if isinstance(now, CellFailure) else before
    difference = number_change(now, before, unit)
    if difference is not None:
        return difference
    why = Note.of("change_unknown", period=earlier.with_days, value=before)
    return CellFailure(DIV_0 if before == 0 else NUM, wording.note(why))
