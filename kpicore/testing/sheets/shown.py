"""How values are shown, and what typed text means: the little of it that the recordings show."""

from __future__ import annotations

import re
from datetime import date, timedelta

from kpicore.testing.sheets.cells import EmulatedCell, Formula, Json, Scalar

_DAY_ZERO = date(1899, 12, 30)
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBER = re.compile(r"[+-]?(\d+(,\d{3})*(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_PER_CENT = re.compile(r"[+-]?\d+(\.\d+)?%")
DATE_FORMAT: Json = {"numberFormat": {"type": "DATE", "pattern": "yyyy-mm-dd"}}
_PER_CENT_FORMAT: Json = {"numberFormat": {"type": "PERCENT", "pattern": "0.00%"}}


def typed(text: str) -> tuple[Scalar, Json | None]:
    """Return what a text is that somebody types (USER_ENTERED), and the format that comes with it.

    Numbers, percentages, days as 2020-01-31, TRUE and FALSE, and formulas; a locale's own ways to write are not known.

    >>> typed("53"), typed("2020-01-01")[0], typed("true")[0], typed("'53")[0], typed("=4/2")[0], typed("12%")[0]
    ((53, None), 43831, True, '53', '=4/2', 0.12)
    """
    if text.startswith("'"):
        return text[1:], None
    if text.startswith("=") and len(text) > 1:
        return Formula(text), None
    if text.lower() in ("true", "false"):
        return text.lower() == "true", None
    if _NUMBER.fullmatch(text.strip()):
        return plain_number(float(text.replace(",", ""))), None
    if _PER_CENT.fullmatch(text.strip()):
        return float(text.strip()[:-1]) / 100, _PER_CENT_FORMAT
    day = _DAY.fullmatch(text.strip())
    if day:
        try:
            return (date(int(day[1]), int(day[2]), int(day[3])) - _DAY_ZERO).days, DATE_FORMAT
        except ValueError:
            return text, None
    return text, None


def plain_number(number: float) -> int | float:
    """Return a number without a fraction as an integer, as JSON from Google has it."""
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def number_format(cell: EmulatedCell) -> Json:
    """Return the number format of a cell, empty for the automatic one."""
    given: Json = (cell.format or {}).get("numberFormat") or {}
    return given


def is_date(form: Json) -> bool:
    """Tell whether a number format shows days or times."""
    return form.get("type") in ("DATE", "TIME", "DATE_TIME")


def formatted(value: Scalar, form: Json) -> str:
    """Return a value as its cell shows it: dates and simple patterns; of other patterns the decimals and the per cent.

    >>> formatted(0.125, {"type": "PERCENT", "pattern": "0.0%"}), formatted(1234.5, {"pattern": "#,##0.00"})
    ('12.5%', '1,234.50')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return str(value).upper()
    if is_date(form):
        return _shown_day(value, form.get("pattern") or "yyyy-mm-dd")
    pattern = (form.get("pattern") or "").split(";")[0]
    if not pattern or form.get("type") == "TEXT":
        return format(value, ".10g") if isinstance(value, float) else str(value)
    decimals = len(match[1]) if (match := re.search(r"[0#]\.([0#]+)", pattern)) else 0
    number = value * 100 if "%" in pattern else value
    return f"{number:{',' if ',' in pattern else ''}.{decimals}f}" + ("%" if "%" in pattern else "")


_PARTS = re.compile(r"yyyy|yy|mmmm|mmm|mm|m|dd|d|hh|h|ss|s", re.IGNORECASE)


def _shown_day(value: int | float, pattern: str) -> str:
    day = _DAY_ZERO + timedelta(days=int(value))
    seconds = round((value % 1) * 86400)
    hours = False

    def part(match: re.Match[str]) -> str:
        nonlocal hours
        sign = match[0].lower()
        if sign.startswith("h"):
            hours = True
            return f"{seconds // 3600:0{len(sign)}d}"
        if sign.startswith("s"):
            return f"{seconds % 60:0{len(sign)}d}"
        if sign in ("m", "mm") and hours:
            return f"{seconds // 60 % 60:0{len(sign)}d}"
        names = {"yyyy": "%Y", "yy": "%y", "mmmm": "%B", "mmm": "%b", "mm": "%m", "dd": "%d"}
        return day.strftime(names[sign]) if sign in names else str(day.month if sign == "m" else day.day)

    return _PARTS.sub(part, pattern)
