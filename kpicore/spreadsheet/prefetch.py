"""The KPI calls in the formulas of a sheet, found before the sheet makes them one by one.

A host that calls a function for each cell, and waits, is slow; one that reads the formulas first asks for all of
them in one batch. Nothing found here decides what a cell shows: a call that was misread is asked for in vain, and
one that was not found is asked for when its cell calls.

Excel, LibreOffice and Sheets are read alike: `Tab!A1`, `'My tab'!A1` and `$'My tab'.A1` name the same, either sign
separates arguments, and braces hold anything.

Standard library only, runs on Python 3.8, and imports nothing of ours: the LibreOffice add-in holds a copy.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Call = tuple[str, tuple[Any, ...]]
    ValueAt = Callable[[str, int, int], Any]
    ResultOf = Callable[[str, tuple[Any, ...]], Any]
    ValueOfName = Callable[[str], Any]
    _Part = tuple[int, Any]  # one of the kinds below, and what it holds

MOST_RANGE_CELLS = 1_000
"""A call with a longer range is left to its own cell."""

MOST_READ_CELLS = 200_000
"""So many cells of ranges are read in all; equal ranges count once."""

_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384  # XFD1048576: what lies beyond is a name, not a cell
# a sheet in quotes before Excel's ! or LibreOffice's dot, else a plain name before either
_SHEET = r"\$?'(?P<quoted>(?:[^']|'')+)'[!.] | \$?(?P<excel>[\w.]+)! | \$?(?P<office>\w+)\."


def _tokens(decimal: str, separators: str) -> re.Pattern[str]:
    """Return the parts of a formula. The first alternative that fits is taken, so the order matters: LOG10( is a call
    and no cell, A1 a cell and no name."""
    return re.compile(
        rf"""\s*(?:
    (?P<text>    "(?:[^"]|"")*" )
  | (?P<call>    (?:(?:'(?:[^']|'')*'|[\w.]+)!)? (?P<name>[^\W\d][\w.]*) \( )
  | (?P<cell>    (?:{_SHEET})? \$?(?P<column>[A-Z]{{1,3}})\$?(?P<row>[1-9]\d{{0,6}}) (?![\w.!(]) )
  | (?P<number>  (?:\d+(?:{decimal}\d*)?|{decimal}\d+) (?:E[+-]?\d+)? (?![\w.]) )
  | (?P<sign>    [-+] )
  | (?P<colon>   : )
  | (?P<percent> % )
  | (?P<open>    [({{] )                               # braces hold constants in Excel, anything in Sheets
  | (?P<close>   [)}}] )
  | (?P<next>    [{separators}] )
  | (?P<truth>   (?:TRUE|FALSE) (?![\w.!]) )
  | (?P<other>   \[ (?:'.|[^\[\]']|\[(?:'.|[^\[\]'])*\])* \]? # columns of a table, another workbook
               | '(?:[^']|'')*' )                             # a file
  | (?P<word>    [\w.]+ )                                     # a name, if nothing else is beside it
  | .
    )""",
        re.VERBOSE | re.IGNORECASE | re.DOTALL,
    )


_TOKEN, _TOKEN_WITH_DECIMAL_COMMA = _tokens(r"\.", ",;"), _tokens(",", ";")
_OURS = re.compile(r"(?:^|\.)(KPI(?:[._]\w+)?)$", re.IGNORECASE)
_VALUE, _CELL, _NAME, _SIGN, _COLON, _PERCENT, _OTHER = range(7)
_UNKNOWN: _Part = (_OTHER, None)


def calls_in(
    formulas: Iterable[tuple[str, int, int, str]],
    value_at: ValueAt,
    result_of: ResultOf | None = None,
    *,
    value_of_name: ValueOfName | None = None,
    decimal_comma: bool = False,
) -> list[Call]:
    """Return the KPI calls in formulas whose arguments are known, each once, inner ones before outer ones.

    A call is its name, "KPI_LOANS" whatever was written, and the values of its arguments. `formulas` are
    (sheet, row, column, text), rows and columns from 1, the text in A1 notation with English names of functions and
    either separator. `value_at(sheet, row, column)` gives the value of a cell, None for an empty one.
    `result_of(name, arguments)` gives the result of a call that is an argument of another, so that this is found
    too, and `value_of_name(name)` what a name stands for, written as in the formula. All raise LookupError for what
    they do not know. With `decimal_comma` numbers are written 1,5, and semicolons alone separate arguments.

    An argument is a literal, a cell, a range (rows of values; a range of one cell is that cell), a known name or a
    call with a known result, each with signs and percent signs; one that is left out is None. Calls with anything else
    are not found: other names, columns of tables, whole columns and those without an end (A2:A), arrays in braces,
    errors, other workbooks, calculations. What stands around a call does not matter: ARRAYFORMULA hands a range over
    as it is, and calls in braces are found.
    """
    reader = _Reader(value_at, result_of, value_of_name, _TOKEN_WITH_DECIMAL_COMMA if decimal_comma else _TOKEN)
    for sheet, _, _, text in formulas:
        if text[:2] == "{=":  # LibreOffice shows array formulas so
            text = text[1:-1]
        if text[:1] == "=" and "KPI" in text.upper():
            reader.read(sheet, text[1:])
    return list(reader.calls.values())


class _Cell(NamedTuple):
    sheet: str  # "" for the sheet of the formula
    row: int
    column: int


class _Open:
    """A parenthesis that is open; `name` is that of its function, "" for none."""

    __slots__ = ("arguments", "name", "parts")

    def __init__(self, name: str, read: bool) -> None:
        self.name = name
        self.arguments: list[Any] | None = [] if read else None  # None when nobody can or needs to know them
        self.parts: list[_Part] = []


class _Reader:
    def __init__(
        self, value_at: ValueAt, result_of: ResultOf | None, value_of_name: ValueOfName | None, token: re.Pattern[str]
    ) -> None:
        self.calls: dict[Any, Call] = {}
        self._value_at = value_at
        self._result_of = result_of
        self._value_of_name = value_of_name
        self._token = token
        self._sheet = ""
        self._ranges: dict[tuple[_Cell, _Cell], Any] = {}
        self._cells_read = 0

    def read(self, sheet: str, formula: str) -> None:
        self._sheet = sheet
        # the parentheses around `here`, the nearest one last
        outer: list[_Open] = []
        here = _Open("", read=False)
        for token in self._token.finditer(formula):
            kind = token.lastgroup
            if kind == "call":
                outer.append(here)
                here = _Open(*_function(token["name"]))
            elif kind == "open":
                outer.append(here)
                here = _Open("", read=here.arguments is not None and token["open"] == "(")
            elif kind == "next":
                self._take(here)
                if not here.name:
                    here.arguments = None  # (A1,B2) is a union of areas
            elif kind == "close" and outer:
                inner, here = here, outer.pop()
                here.parts.append(self._closed(inner, is_wanted=here.arguments is not None))
            else:
                here.parts.append(_part(token, kind))

    def _take(self, here: _Open) -> None:
        """Take the argument that ends here."""
        if here.arguments is not None:
            try:
                here.arguments.append(self._value(here.parts))
            except LookupError:
                here.arguments = None
        here.parts = []

    def _closed(self, here: _Open, is_wanted: bool) -> _Part:
        """Return what stands for a parenthesis that closes; its result only where it is an argument again."""
        # F(1,) has an empty argument at its end, F() has none
        if here.parts or here.arguments:
            self._take(here)
        arguments = here.arguments
        if arguments is None:
            return _UNKNOWN
        if not here.name:
            return (_VALUE, arguments[0]) if arguments else _UNKNOWN
        if here.name in ("TRUE", "FALSE"):
            return _VALUE, here.name == "TRUE"
        call = (here.name, tuple(arguments))
        self.calls.setdefault((*call, tuple(map(type, arguments))), call)  # to Python, TRUE equals 1
        return self._result(call) if is_wanted else _UNKNOWN

    def _result(self, call: Call) -> _Part:
        try:
            return (_VALUE, self._result_of(*call)) if self._result_of else _UNKNOWN
        except LookupError:
            return _UNKNOWN

    def _value(self, parts: list[_Part]) -> Any:
        """Return the value of an argument. Raises LookupError for what only the spreadsheet knows."""
        if len(parts) == 1:
            return self._unsigned(parts)
        first, last = 0, len(parts)
        while first < last and parts[first][0] == _SIGN:
            first += 1
        while first < last and parts[last - 1][0] == _PERCENT:
            last -= 1
        if not parts:
            return None
        value = self._unsigned(parts[first:last])
        if first == 0 and last == len(parts):
            return value
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise LookupError("no number after a sign")
        minus = sum(sign == "-" for _, sign in parts[:first]) % 2
        return (-value if minus else value) / 100.0 ** (len(parts) - last)

    def _unsigned(self, parts: list[_Part]) -> Any:
        kind, held = parts[0] if parts else _UNKNOWN
        if len(parts) == 1 and kind == _CELL:
            return self._value_at(held.sheet or self._sheet, held.row, held.column)
        if len(parts) == 1 and kind == _VALUE:
            return held
        if len(parts) == 1 and kind == _NAME and self._value_of_name:
            return self._value_of_name(held)
        if [kind for kind, _ in parts] == [_CELL, _COLON, _CELL]:
            return self._range(held, parts[2][1])
        raise LookupError("a calculation")

    def _range(self, start: _Cell, end: _Cell) -> Any:
        start = start._replace(sheet=start.sheet or self._sheet)
        if end.sheet and end.sheet != start.sheet:
            raise LookupError("a range of several sheets")
        key = (start, end._replace(sheet=""))
        if key not in self._ranges:
            self._ranges[key] = self._cells(start, end)
        return self._ranges[key]

    def _cells(self, start: _Cell, end: _Cell) -> Any:
        """Return the values between two corners, row by row. Raises LookupError for too many."""
        top, bottom = sorted((start.row, end.row))
        left, right = sorted((start.column, end.column))
        size = (bottom - top + 1) * (right - left + 1)
        if size > MOST_RANGE_CELLS or self._cells_read + size > MOST_READ_CELLS:
            raise LookupError("a range that is too long")
        self._cells_read += size
        columns = range(left, right + 1)
        rows = tuple(
            tuple(self._value_at(start.sheet, row, column) for column in columns) for row in range(top, bottom + 1)
        )
        return rows if size > 1 else rows[0][0]


def _function(written: str) -> tuple[str, bool]:
    """Return the name of a function, and whether its arguments are wanted: "KPI_LOANS" without what hosts put
    before it."""
    ours = _OURS.search(written)
    name = (ours[1].replace(".", "_") if ours else written).upper()
    return name, ours is not None or name in ("TRUE", "FALSE")


def _part(token: re.Match[str], kind: str | None) -> _Part:
    if kind == "cell":
        return _cell(token)
    if kind == "word":
        return _NAME, token["word"]
    if kind == "text":
        return _VALUE, token["text"][1:-1].replace('""', '"')
    if kind == "number":
        number = float(token["number"].replace(",", "."))
        return (_VALUE, number) if math.isfinite(number) else _UNKNOWN
    if kind == "truth":
        return _VALUE, token["truth"].upper() == "TRUE"
    if kind == "sign":
        return _SIGN, token["sign"]
    if kind == "colon":
        return _COLON, None
    return (_PERCENT, None) if kind == "percent" else _UNKNOWN


def _cell(token: re.Match[str]) -> _Part:
    quoted = token["quoted"]
    sheet = quoted.replace("''", "'") if quoted else token["excel"] or token["office"] or ""
    column = 0
    for letter in token["column"].upper():
        column = column * 26 + ord(letter) - 64
    row = int(token["row"])
    if "[" in sheet or row > _LAST_ROW or column > _LAST_COLUMN:
        return _UNKNOWN
    return _CELL, _Cell(sheet, row, column)
