"""Names of sheets, and addresses as formulas and charts write them. Rows and columns count from 0."""

from __future__ import annotations

import re

_LONGEST_NAME = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\'\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_KEPT_FOR_EXCEL = frozenset({"history"})


def sheet_name(text: str, taken: set[str]) -> str:
    """Return a name that spreadsheets allow and that is not taken yet, ignoring case.

    >>> sheet_name("leads/sales", set())
    'Leads sales'
    >>> sheet_name("pipeline", {"pipeline"})
    'Pipeline 2'
    """
    allowed = _NOT_IN_NAMES.sub(" ", text).strip() or "Other"
    whole = allowed[0].upper() + allowed[1:]  # of "ß" and its like, two letters
    name = _beginning(whole, _LONGEST_NAME)
    number = 2
    # 31 characters at most: 27, a blank, and a number up to 999
    while name.casefold() in taken | _KEPT_FOR_EXCEL:
        name = f"{_beginning(whole, _LONGEST_NAME - 4)} {number}"
        number += 1
    return name


def _beginning(text: str, most: int) -> str:
    """Return as much of a text as has so many characters as spreadsheets count them, an emoji as two."""
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")


def cell_address(row: int, column: int, *, fixed_row: bool = False, fixed_column: bool = False) -> str:
    """Return the address of a cell on its own sheet; what is fixed does not move when the formula is copied.

    >>> cell_address(3, 1), cell_address(3, 1, fixed_row=True), cell_address(3, 27, fixed_column=True)
    ('B4', 'B$4', '$AB4')
    """
    return f"{'$' if fixed_column else ''}{column_letters(column)}{'$' if fixed_row else ''}{row + 1}"


def column_letters(column: int) -> str:
    """Return the letters of a column.

    >>> column_letters(0), column_letters(26), column_letters(18277)
    ('A', 'AA', 'ZZZ')
    """
    letters, left = "", column + 1
    while left:
        left, place = divmod(left - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the number of a column, from 0, by its letters, small or capital.

    >>> column_number("A"), column_number("aa")
    (0, 26)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def area_address(row: int, column: int, last_row: int, last_column: int) -> str:
    """Return the fixed address of an area on its own sheet.

    >>> area_address(3, 1, 3, 12)
    '$B$4:$M$4'
    """
    ends = ((row, column), (last_row, last_column))
    return ":".join(cell_address(*end, fixed_row=True, fixed_column=True) for end in ends)


def reference(sheet: str, row: int, column: int, last_row: int | None = None, last_column: int | None = None) -> str:
    """Return a fixed reference, to a cell or an area, with the name of its sheet.

    An area of one cell is written as an area: a program that takes it for a cell knows no first row of it.

    >>> reference("By period", 3, 1), reference("KPIs", 0, 0, 0, 2)
    ("'By period'!$B$4", 'KPIs!$A$1:$C$1')
    """
    from xlsxwriter.utility import quote_sheetname

    if last_row is None or last_column is None:
        address = cell_address(row, column, fixed_row=True, fixed_column=True)
    else:
        address = area_address(row, column, last_row, last_column)
    return f"{quote_sheetname(sheet)}!{address}"
