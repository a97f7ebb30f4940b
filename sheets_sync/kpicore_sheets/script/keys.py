"""What a call is known by in the hidden tab: the text that the script makes with JSON.stringify, to the last sign."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, datetime
from zlib import crc32

from kpicore import CellFailure, CellValue

_HALVES = re.compile("[\ud800-\udfff]")  # of a pair of UTF-16: what has no other is written as its number
_LARGEST, _SMALLEST = 1e21, 1e-6
"""Between these JavaScript writes numbers without an exponent."""


def call_key(name: str, values: Sequence[CellValue]) -> str:
    """Return the key of a call; an empty cell is an empty text, as Sheets hands it over.

    >>> call_key("KPI_LOANS", (2026.0, "branch", None, date(2026, 3, 14)))
    '["KPI_LOANS",[2026,"branch","",{"date":"2026-03-14"}]]'
    """
    return f"[{_text(name)},[{','.join(map(_printed, values))}]]"


def row_check(spreadsheet: str, key: str, result: str) -> str:
    """Return what stands beside an answer: it tells one that was sorted away, typed over or copied elsewhere.

    >>> row_check("1AbC", '["KPI_LOANS",[2026]]', "41")
    'd6886538'
    """
    return f"{crc32(chr(10).join((spreadsheet, key, result)).encode('utf-16-le', 'surrogatepass')):08x}"


def _printed(value: CellValue) -> str:
    if isinstance(value, tuple):
        return "[" + ",".join("[" + ",".join(map(_printed, row)) + "]" for row in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return js_number(float(value))
    if isinstance(value, datetime):
        whole = value.replace(microsecond=0, tzinfo=None).isoformat()
        return f'{{"date":{_text(whole.removesuffix("T00:00:00"))}}}'
    if isinstance(value, date):
        return f'{{"date":{_text(value.isoformat())}}}'
    if isinstance(value, CellFailure):
        return f'{{"error":{_text(value.code)}}}'
    return _text(value or "")


def _text(text: str) -> str:
    printed = json.dumps(text, ensure_ascii=False)
    return _HALVES.sub(lambda half: f"\\u{ord(half[0]):04x}", printed)


def js_number(number: float) -> str:
    """Return a finite number as JavaScript writes it.

    >>> js_number(2026.0), js_number(1e16), js_number(1e21), js_number(1.5e-7), js_number(-0.0)
    ('2026', '10000000000000000', '1e+21', '1.5e-7', '0')
    """
    if number == 0:
        return "0"
    size = abs(number)
    sign = "-" if number < 0 else ""
    digits, _, exponent = f"{size!r}".partition("e")
    whole, _, rest = digits.partition(".")
    rest = "" if rest == "0" else rest
    if exponent:
        point = len(whole) + int(exponent)
        significant = whole + rest
    else:
        significant, point = whole + rest, len(whole)
    stripped = significant.lstrip("0")
    point -= len(significant) - len(stripped)
    significant = stripped.rstrip("0")
    if _SMALLEST <= size < _LARGEST:
        return sign + _plain(significant, point)
    power = point - 1
    mantissa = significant[0] + ("." + significant[1:] if len(significant) > 1 else "")
    return f"{sign}{mantissa}e{'+' if power > 0 else '-'}{abs(power)}"


def _plain(digits: str, point: int) -> str:
    """Return 0.digits times 10 ** point without an exponent."""
    if point <= 0:
        return "0." + "0" * -point + digits
    if point >= len(digits):
        return digits + "0" * (point - len(digits))
    return f"{digits[:point]}.{digits[point:]}"
