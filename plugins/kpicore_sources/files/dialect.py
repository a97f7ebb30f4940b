"""How a text file is laid out: its delimiter, its quotes, and the line of its header."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kpicore_sources.files.numbers import is_number

DELIMITERS = (",", ";", "\t", "|", "^", "~", "\x1f", "\x01", ":")
SPACES = " "
BLANK = " \t\n\f\r\x1a"
"""What cells without content hold, the mark included with which DOS ends a file; `str.strip` knows more."""
_SAMPLE = 1 << 18
_ROWS = 400
_NAMES = {"\t": "tab", " ": "spaces"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """`header` is the number of the header's line from 1, 0 where there is none; `skip` lines are no data."""

    delimiter: str
    names: tuple[str, ...]
    header: int
    skip: int

    @property
    def how(self) -> str:
        """What was decided, for a person."""
        delimiter = _NAMES.get(self.delimiter, self.delimiter if self.delimiter.isprintable() else repr(self.delimiter))
        return f"delimiter {delimiter}, " + (f"header in line {self.header}" if self.header else "no header")


def dialect_of(path: Path) -> Dialect:
    """Return the layout of a UTF-8 text file that holds at least one line."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        sample = file.read(_SAMPLE)
        if file.read(1):
            sample = sample[: sample.rfind("\n") + 1] or sample
    delimiter = _delimiter(sample)
    rows = list(_rows(sample, delimiter))
    width = _width([cells for _, cells in rows])
    return _with_header(delimiter, rows, width)


def split(lines: Iterator[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (line on which it begins, cells) of each row that is not blank."""
    before = 0
    if delimiter == SPACES:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield number, line.split()
        return
    reader = csv.reader(lines, delimiter=delimiter)
    for cells in reader:
        if any(each.strip(BLANK) for each in cells):
            yield before + 1, cells
        before = reader.line_num


def _rows(sample: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    try:
        for number, row in enumerate(split(iter(io.StringIO(sample, newline="")), delimiter)):
            if number >= _ROWS:
                return
            yield row
    except csv.Error:  # a cell of more than 128 KiB: what came before it is sample enough
        return


def _delimiter(sample: str) -> str:
    """Return the delimiter by which most rows have the same number of cells, two at least."""
    best, best_score = "", 0.0
    for each in DELIMITERS:
        score = _score([cells for _, cells in _rows(sample, each)])
        if score > best_score:
            best, best_score = each, score
    if best_score >= 0.5:
        return best
    spaced = [cells for _, cells in _rows(sample, SPACES)]
    return SPACES if len(spaced) > 2 and _score(spaced) >= 0.9 else best or ","


def _score(rows: Sequence[list[str]]) -> float:
    """Return the share of rows of the usual width; a little more for more columns; 0 for one column."""
    if not rows:
        return 0.0
    width, count = Counter(len(each) for each in rows).most_common(1)[0]
    if width < 2:
        # A title above a short table may outnumber it no more than this.
        wide = Counter(len(each) for each in rows if len(each) > 1).most_common(1)
        return 0.4 * wide[0][1] / len(rows) if wide and wide[0][1] > 1 else 0.0
    return count / len(rows) + min(width, 50) / 1000


def _width(rows: Sequence[list[str]]) -> int:
    counts = Counter(len(each) for each in rows)
    return max(counts, key=lambda width: (counts[width] * (1 if width > 1 else 0.3), width)) if counts else 1


def _with_header(delimiter: str, rows: Sequence[tuple[int, list[str]]], width: int) -> Dialect:
    titled = 0
    for line, cells in rows[:50]:
        if _is_title(cells):
            titled = titled or line
            continue
        if len(cells) >= width or (len(cells) > 1 and len(cells) >= width - 1):
            if is_header(cells):
                return Dialect(delimiter, tuple(cells) + ("",) * (width - len(cells)), line, line)
            return Dialect(delimiter, ("",) * width, 0, (titled or line) - 1)
    return Dialect(delimiter, ("",) * width, 0, 0)


def _is_title(cells: Sequence[str]) -> bool:
    """Return whether nothing but the first of three cells or more is filled: spreadsheets pad titles so."""
    return len(cells) > 2 and bool(cells[0].strip()) and not any(each.strip() for each in cells[1:])


def is_header(cells: Sequence[str]) -> bool:
    """Return whether the cells are names: most are filled, and hardly any is a number.

    >>> is_header(["id", "amount"]), is_header(["7", "12.50"])
    (True, False)
    """
    filled = [each for each in cells if each.strip()]
    numbers = sum(is_number(each) for each in filled)
    return len(filled) * 2 > len(cells) and numbers * 4 <= len(filled)
