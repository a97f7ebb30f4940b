"""What a cell shows: a value as its number format prints it, for who tells of cells in words."""

from __future__ import annotations

import re
import sys
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache

from kpicore_xlsx.grid import Scalar
from kpicore_xlsx.number_formats import MONTH_FORMAT
from kpicore_xlsx.serial_numbers import moment_of

_WIDE = Context(prec=400)
_LAST_DAY = 2_958_465  # of the year 9999
_PARTS = re.compile(r'"[^"]*"|;|[^;"]+|"')
_CONDITION = re.compile(r"\[(>=|<=|>|<)(-?\d+(?:\.\d+)?)\]")
_DIGITS = re.compile(r"[#0,]*[#0](?:\.([#0]+))?(%?)")


def shown(value: Scalar, pattern: str = "") -> str:
    """Return a value as a cell with a number format shows it, a day also where it is a serial number.

    >>> shown(0.4126, "0.0%"), shown(-1234.5, "#,##0.00"), shown(46082.5, "yyyy-mm-dd hh:mm"), shown(65.8, '0" d"')
    ('41.3%', '-1,234.50', '2026-03-01 12:00', '66 d')
    >>> shown(-0.25, '▲ 0.0%;▼ 0.0%;"= "0.0%'), shown(12345.6, "[>=10000]#,##0;#,##0.00")
    ('▼ 25.0%', '12,346')
    """
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, date):
        return _day(value, pattern)
    if not -sys.float_info.max <= value <= sys.float_info.max:  # nor NaN, of which no comparison holds
        return str(value)
    if "yy" in pattern and 0 <= value <= _LAST_DAY:
        return _day(moment_of(value), pattern)
    return _number(value, pattern) if "0" in pattern or "#" in pattern else f"{value:.10g}"


def _day(day: date, pattern: str) -> str:
    if pattern == MONTH_FORMAT:
        return f"{day:%b %Y}"
    return f"{day:%Y-%m-%d %H:%M}" if "h" in pattern and isinstance(day, datetime) else f"{day:%Y-%m-%d}"


def _number(number: float, pattern: str) -> str:
    sections = _sections(pattern)
    conditions = [_CONDITION.match(section) for section in sections]
    place = 0
    if any(conditions):
        fits = (at for at, condition in enumerate(conditions) if condition is None or _holds(condition, number))
        place = next(fits, len(sections) - 1)
    elif len(sections) > 1:
        # positive; negative; zero
        place = 1 if number < 0 else 2 if number == 0 and len(sections) > 2 else 0
    # a section for these numbers alone says itself that they are negative
    is_told = any(conditions[place : place + 1]) or (place == 1 and not any(conditions))
    printed = _section(abs(number), _CONDITION.sub("", sections[place]))
    return f"-{printed}" if number < 0 and not is_told else printed


def _holds(condition: re.Match[str], number: float) -> bool:
    bound = float(condition[2])
    return {">=": number >= bound, "<=": number <= bound, ">": number > bound, "<": number < bound}[condition[1]]


@cache
def _sections(pattern: str) -> tuple[str, ...]:
    sections = [""]
    for part in _PARTS.findall(pattern):
        if part == ";":
            sections.append("")
        else:
            sections[-1] += part
    return tuple(sections)


def _section(number: float, section: str) -> str:
    digits = _DIGITS.search(section)
    if digits is None:
        return section.replace('"', "")
    decimals = len(digits[1] or "")
    separator = "," if "," in digits[0] else ""
    # half up, as all hosts show it: 81.25 % of a binary number would become 81.2
    exact = Decimal(repr(number)).scaleb(2 if digits[2] else 0)
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _WIDE)
    printed = f"{rounded:{separator}f}{digits[2]}"
    return f"{section[: digits.start()]}{printed}{section[digits.end() :]}".replace('"', "")
