"""How a text file is laid out: its delimiter, its quotes, and the line of its header."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from kpicore_sources.files.numbers import is_number

DELIMITERS = (",", ";", "\t", "|", "^", "~", "\x1f", "\x01", ":")
SPACES = " "
BLANK = " \t\n\f\r\x1a"
"""What cells without content hold, the mark included with which DOS ends a file; `str.strip` knows more."""
_SAMPLE = 1 << 18
_MOST = 1 << 23
"""What is looked at for the sake of long lines."""
_LONGEST_CELL = 1 << 30
_ROWS = 400
_NAMES = {"\t": "tab", " ": "spaces"}


@dataclass(frozen=True, slots=True)
class TextLayout:
    """`header` is the number of the header's line from 1, 0 where there is none; `skip` lines are no data.

    `second` is the line of a second header below the first, 0 where there is none.
    """

    delimiter: str
    names: tuple[str, ...]
    header: int
    skip: int
    second: int = 0

    @property
    def how(self) -> str:
        """What was decided, for a person."""
        delimiter = _NAMES.get(self.delimiter, self.delimiter if self.delimiter.isprintable() else repr(self.delimiter))
        return f"delimiter {delimiter}, {header_note(self.header, self.second, 'line')}"


def layout_of(path: Path) -> TextLayout:
    """Return the layout of a UTF-8 text file that holds at least one line."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        sample = file.read(_SAMPLE)
        while sample.count("\n") + sample.count("\r") < 3 and len(sample) < _MOST and (more := file.read(_SAMPLE)):
            sample += more
        # there is more: the last line of the sample may be half of one
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
    csv.field_size_limit(_LONGEST_CELL)  # a limit of the process, which holds 128 KiB at first
    reader = csv.reader(lines, delimiter=delimiter)
    for cells in reader:
        if any(cell.strip(BLANK) for cell in cells):
            yield before + 1, cells
        before = reader.line_num


def _rows(sample: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    return islice(split(iter(io.StringIO(sample, newline="")), delimiter), _ROWS)


def _delimiter(sample: str) -> str:
    """Return the delimiter by which most rows have the same number of cells, two at least."""
    best, best_score = "", 0.0
    # A space separates words, so it is tried last, and asks for more rows that agree.
    for delimiter in DELIMITERS:
        score = _score([cells for _, cells in _rows(sample, delimiter)])
        if score > best_score:
            best, best_score = delimiter, score
    if best_score >= 0.5:
        return best
    spaced = [cells for _, cells in _rows(sample, SPACES)]
    return SPACES if len(spaced) > 2 and _score(spaced) >= 0.9 else best or ","


def _score(rows: Sequence[list[str]]) -> float:
    """Return the share of rows of the usual width; a little more for more columns; 0 for one column."""
    if not rows:
        return 0.0
    width, count = Counter(len(row) for row in rows).most_common(1)[0]
    if width < 2:
        # A title above a short table may outnumber it no more than this.
        wide = Counter(len(row) for row in rows if len(row) > 1).most_common(1)
        return 0.4 * wide[0][1] / len(rows) if wide and wide[0][1] > 1 else 0.0
    # Between marks that fit alike the one with more cells: a comma inside amounts gives few.
    # at most 0.05 for many columns, so that agreement counts first
    return count / len(rows) + min(width, 50) / 1000


def _width(rows: Sequence[list[str]]) -> int:
    counts = Counter(len(row) for row in rows)
    # Rows of one cell count less: titles and remarks are such, and may outnumber a short table.
    return max(counts, key=lambda width: (counts[width] * (1 if width > 1 else 0.3), width)) if counts else 1


def _with_header(delimiter: str, rows: Sequence[tuple[int, list[str]]], width: int) -> TextLayout:
    titled = 0
    for at, (line, cells) in enumerate(rows[:50]):
        if _is_title(cells):
            titled = titled or line
            continue
        # Lines of data may end with a mark that the header lacks: then it has a cell less.
        if len(cells) >= width or (len(cells) > 1 and len(cells) >= width - 1):
            if is_header(cells):
                # a cell without a name is named by its place ("column 3"), and its values are read all the same
                names = tuple(cells) + ("",) * (width - len(cells))
                below = [other for _, other in rows[at + 1 :]]
                if both := joined_headers(names, below):
                    return TextLayout(delimiter, both, line, rows[at + 1][0], rows[at + 1][0])
                return TextLayout(delimiter, names, line, line)
            return TextLayout(delimiter, ("",) * width, 0, (titled or line) - 1)
    return TextLayout(delimiter, ("",) * width, 0, 0)


def _is_title(cells: Sequence[str]) -> bool:
    """Return whether nothing but the first of three cells or more is filled: spreadsheets pad titles so."""
    return len(cells) > 2 and bool(cells[0].strip()) and not any(cell.strip() for cell in cells[1:])


def header_note(first: int, second: int, unit: str) -> str:
    """Return where the header stands, for a person."""
    if second:
        return f"header in {unit}s {first} and {second}"
    return f"header in {unit} {first}" if first else "no header"


def joined_headers(names: Sequence[str], below: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the names of two header rows put together, as surveys have them; () where the first row is no second one.

    A second header names the answers of a question, whose name stands once above them; to the left of them it is
    empty, where all rows below are filled.

    >>> joined_headers(["id", "Used?", ""], [["", "Mugs", "Plates"], ["7", "Mugs", ""]])
    ('id', 'Used?: Mugs', 'Used?: Plates')
    """
    if len(below) < 2 or len(below[0]) > len(names):
        return ()
    second = [*below[0], *[""] * (len(names) - len(below[0]))]
    unnamed = [at for at, name in enumerate(names) if not name.strip()]
    alone = [at for at, name in enumerate(second) if not name.strip()]
    filled = [name for name in second if name.strip()]
    if not unnamed or not alone or any(at in alone for at in unnamed) or any(is_number(name) for name in filled):
        return ()
    # A column named in the first row alone has a value in every row; else the second row is one of data, with a gap.
    if not all(row[at].strip() for row in below[1:20] for at in alone[:1] if at < len(row)):
        return ()
    joined, group = [], ""
    for name, part in zip(names, second, strict=True):
        # a question's name stands once, above the first of its answers
        group = name.strip() or group
        joined.append(f"{group}: {part.strip()}".lstrip(": ") if part.strip() else group)
    return tuple(joined)


def is_header(cells: Sequence[str]) -> bool:
    """Return whether the cells are names: most are filled, and hardly any is a number.

    >>> is_header(["id", "amount"]), is_header(["7", "12.50"])
    (True, False)
    """
    filled = [cell for cell in cells if cell.strip()]
    numbers = sum(is_number(cell) for cell in filled)
    return len(filled) * 2 > len(cells) and numbers * 4 <= len(filled)
