"""Rectangles of cells: as JSON, as people write them (A1), and how they meet.

Letters and rectangles are worked out here once more, and not by what the emulator is to test: a mistake in both would
not be seen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kpicore.testing.sheets.refusals import GoogleRefusal

Area = tuple[int, int, int, int]
"""Top, bottom, left and right of cells, from 0, ends not included."""

_CELL = r"\$?([A-Za-z]{0,3})\$?((?:0*[1-9][0-9]{0,7})?)"
_A1 = re.compile(rf"{_CELL}(?::{_CELL})?")
_PLAIN_TITLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class GridRange:
    """Cells of a tab, from 0, ends not included; None where it has no bound, as a whole column has none below."""

    sheet_id: int
    top: int | None = None
    bottom: int | None = None
    left: int | None = None
    right: int | None = None

    def json(self) -> dict[str, Any]:
        """Return it as Google does: without its tab when that has the id 0."""
        pairs = {
            "sheetId": self.sheet_id or None,
            "startRowIndex": self.top,
            "endRowIndex": self.bottom,
            "startColumnIndex": self.left,
            "endColumnIndex": self.right,
        }
        return {key: value for key, value in pairs.items() if value is not None}

    def within(self, rows: int, columns: int) -> Area:
        """Return top, bottom, left and right in a grid of this size."""
        bottom = rows if self.bottom is None else min(self.bottom, rows)
        right = columns if self.right is None else min(self.right, columns)
        return self.top or 0, bottom, self.left or 0, right

    def holds(self, other: GridRange) -> bool:
        """Tell whether all of another rectangle lies in it."""
        return (
            self.sheet_id == other.sheet_id
            and _holds((self.top, self.bottom), (other.top, other.bottom))
            and _holds((self.left, self.right), (other.left, other.right))
        )

    def meets(self, other: GridRange) -> bool:
        """Tell whether both have a cell in common."""
        return (
            self.sheet_id == other.sheet_id
            and _meets((self.top, self.bottom), (other.top, other.bottom))
            and _meets((self.left, self.right), (other.left, other.right))
        )


Bounds = tuple[int | None, int | None]
_ENDLESS = 1 << 40


def _holds(outer: Bounds, inner: Bounds) -> bool:
    return (outer[0] or 0) <= (inner[0] or 0) and _end(inner) <= _end(outer)


def _meets(one: Bounds, other: Bounds) -> bool:
    return max(one[0] or 0, other[0] or 0) < min(_end(one), _end(other))


def _end(bounds: Bounds) -> int:
    return _ENDLESS if bounds[1] is None else bounds[1]


def range_of(given: Mapping[str, Any]) -> GridRange:
    """Return the rectangle that JSON describes. Raises GoogleRefusal for one that ends before it starts."""
    rectangle = GridRange(
        given.get("sheetId", 0),
        given.get("startRowIndex"),
        given.get("endRowIndex"),
        given.get("startColumnIndex"),
        given.get("endColumnIndex"),
    )
    for start, end in ((rectangle.top, rectangle.bottom), (rectangle.left, rectangle.right)):
        if (start or 0) < 0 or (end is not None and end <= (start or 0)):
            raise GoogleRefusal(f"GridRange {rectangle.json()} has no cells: an end must be greater than its start.")
    return rectangle


def column_name(index: int) -> str:
    """Return the letters of a column counted from 0.

    >>> column_name(0), column_name(25), column_name(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """Return the index of a column, from 0, by its letters.

    >>> column_index("A"), column_index("AA")
    (0, 26)
    """
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def split_title(text: str) -> tuple[str | None, str]:
    """Return the title of the tab and the cells of a range as people write it; None without a title.

    >>> split_title("'It''s'!A1:B2"), split_title("KPIs!A1"), split_title("A1")
    (("It's", 'A1:B2'), ('KPIs', 'A1'), (None, 'A1'))
    """
    if text.startswith("'"):
        quoted = re.fullmatch(r"'((?:[^']|'')*)'(?:!(.*))?", text, re.DOTALL)
        if quoted:
            return quoted[1].replace("''", "'"), quoted[2] or ""
    title, mark, cells = text.rpartition("!")
    return (title, cells) if mark else (None, text)


def cells_of(text: str) -> tuple[int | None, int | None, int | None, int | None] | None:
    """Return top, bottom, left and right that `A1:B2`, `B`, `A2:C` or `3:4` name; None for no such text.

    >>> cells_of("B2"), cells_of("A:B"), cells_of("A1:1"), cells_of("KPIs")
    ((1, 2, 1, 2), (None, None, 0, 2), (0, 1, 0, None), None)
    """
    match = _A1.fullmatch(text)
    if not text or not match or not (match[1] or match[2]):
        return None
    alone = match[3] is None and match[4] is None
    if alone and not (match[1] and match[2]):
        return None
    left, top = _start(match[1], match[2])
    last_left, last_top = (left, top) if alone else _start(match[3], match[4])
    rows = sorted(row for row in (top, last_top) if row is not None)
    columns = sorted(column for column in (left, last_left) if column is not None)
    bottom = None if last_top is None and not (alone or top is None) else rows[-1] + 1 if rows else None
    right = None if last_left is None and not (alone or left is None) else columns[-1] + 1 if columns else None
    return (rows[0] if rows else None, bottom, columns[0] if columns else None, right)


def _start(letters: str | None, digits: str | None) -> tuple[int | None, int | None]:
    return (column_index(letters) if letters else None, int(digits) - 1 if digits else None)


def quoted_title(title: str) -> str:
    """Return the title of a tab as it stands before `!`.

    >>> quoted_title("KPIs"), quoted_title("It's"), quoted_title("A1")
    ('KPIs', "'It''s'", "'A1'")
    """
    if _PLAIN_TITLE.fullmatch(title) and cells_of(title) is None:
        return title
    return "'" + title.replace("'", "''") + "'"


def written(title: str, top: int, bottom: int, left: int, right: int) -> str:
    """Return cells as Google writes them: `KPIs!A1:B2`, one cell as `KPIs!A1`."""
    first, last = f"{column_name(left)}{top + 1}", f"{column_name(right - 1)}{bottom}"
    return f"{quoted_title(title)}!{first}" + ("" if first == last else f":{last}")
