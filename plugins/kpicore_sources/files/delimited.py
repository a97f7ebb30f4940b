"""Text files, staged by DuckDB's CSV reader; what it refuses is told line by line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kpicore import BadFile, Unreadable, literal
from kpicore_sources.files.encoding import copy_with_equal_ends, encoding_of, kept_encoding, utf8_copy
from kpicore_sources.files.spaced import stage_spaced
from kpicore_sources.files.staging import StagedSheet, Staging, plain_path, unique_names
from kpicore_sources.files.text_layout import BLANK, SPACES, TextLayout, layout_of, split

_NEVER = "\x02\x03"
"""A text that no cell holds: so that only cells which their line did not have are null."""
_QUOTE = "UNQUOTED VALUE"


@dataclass(frozen=True, slots=True)
class _Lines:
    """Finds the lines of rows by reading the file once more, only as far as needed."""

    path: Path
    layout: TextLayout
    refused: frozenset[int]

    def __call__(self, rows: Iterable[int]) -> Mapping[int, int]:
        wanted = set(rows)
        lines: dict[int, int] = {}
        last, row = max(wanted, default=-1), 0
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            for _ in range(self.layout.skip):
                next(file, None)
            for line, _cells in split(file, self.layout.delimiter):
                at = line + self.layout.skip
                # rows are counted as DuckDB staged them: without blank lines, as in `split`, and those it refused
                if at in self.refused:
                    continue
                if row in wanted:
                    lines[row] = at
                row += 1
                if row > last:
                    break
        return lines


def stage(staging: Staging, path: Path, encoding: str = "") -> StagedSheet:
    """Stage a text file. Raises BadFile for one that is empty, or in an encoding that is doubtful."""
    known = kept_encoding(path, encoding) if encoding else encoding_of(path)
    if known.rivals:
        other, shown = known.rivals[0]
        raise BadFile(
            path,
            f"its encoding is not certain: {known.name} {known.why}, {other} reads as {shown!r}",
            hint=f'Save it as UTF-8, or write encoding = "{known.name}" (or "{other}") into its mapping.',
        )
    table = staging.new_table()
    text = utf8_copy(path, known, staging.path(f"{table}.txt"))
    layout = layout_of(text)
    names = unique_names(layout.names)
    how = f"{known.name}, {layout.how}"
    if layout.delimiter == SPACES:
        refused = stage_spaced(staging, path, text, table, len(names), layout.skip)
    else:
        refused = _stage_delimited(staging, path, text, table, len(names), layout)
    rows = staging.count(table)
    if not rows and not refused:
        raise BadFile(path, "holds no rows below its header")
    if not rows:
        raise BadFile(path, f"has no row that can be read: in line {refused[0].line:,} {refused[0].reason}")
    lines = _Lines(text, layout, frozenset(row.line for row in refused))
    return StagedSheet(path, "", table, names, rows, lines, how, refused=refused, ragged=True)


def _columns(width: int) -> str:
    return "{" + ", ".join(f"c{number}: 'VARCHAR'" for number in range(width)) + "}"


def _stage_delimited(
    staging: Staging, path: Path, text: Path, table: str, width: int, layout: TextLayout
) -> tuple[Unreadable, ...]:
    options = (
        f"delim = {literal(layout.delimiter)}, quote = '\"', escape = '\"', header = false, comment = '',"
        f" skip = {layout.skip}, auto_detect = false, columns = {_columns(width)}, null_padding = true,"
        f" nullstr = {literal(_NEVER)}, ignore_errors = true, store_rejects = true,"
        f" rejects_table = '{table}_errors', rejects_scan = '{table}_scans', rejects_limit = 0, compression = 'none'"
    )
    # a text above "!" begins with no blank: true of nearly every row, and quicker than to trim it
    tests = [f"c{number} > '!'" for number in range(width)]
    tests += [f"trim(c{number}, {literal(BLANK)}) <> ''" for number in range(width)]
    filled = " OR ".join(tests)
    read = _read(staging, path, text, table, options, filled)
    return _refused(staging, path, read, table, width)


def _read(staging: Staging, path: Path, text: Path, table: str, options: str, filled: str) -> Path:
    """Make the table of the rows that are not blank, and return what was read. Raises BadFile.

    Rows whose quoted cells span lines need one reader: the parallel ones refuse them. Lines that end
    in different ways, as in files that were put together, need a copy in which they end alike.
    """
    import duckdb

    alike = staging.path(f"{table}.alike.txt")
    failed: duckdb.Error | None = None
    # the quickest way first; each try reads the file once more
    for source, more in ((text, ""), (text, ", parallel = false"), (alike, ", parallel = false")):
        if source == alike:
            copy_with_equal_ends(text, alike)
        try:
            staging.duckdb.execute(
                f"CREATE TABLE {table} AS FROM read_csv({literal(plain_path(source))}, {options}{more}) WHERE {filled}"
            )
            return source
        except duckdb.Error as error:
            failed = error
            staging.duckdb.execute(f"DROP TABLE IF EXISTS {table}_errors; DROP TABLE IF EXISTS {table}_scans")
    raise BadFile(path, f"cannot be read as CSV: {str(failed).splitlines()[0]}") from failed


def _refused(staging: Staging, path: Path, text: Path, table: str, width: int) -> tuple[Unreadable, ...]:
    """Return the lines that could not be split. Raises BadFile when one takes in all that follow it."""
    rows = staging.query(
        f"SELECT line, any_value(csv_line), max(CAST(error_type AS VARCHAR)) FROM {table}_errors"
        " GROUP BY line ORDER BY line"
    )
    reasons = {
        "TOO MANY COLUMNS": f"has more cells than the header's {width}",
        _QUOTE: "has a quote that does not end its cell",
        "LINE SIZE OVER MAXIMUM": "is longer than 2 MB",
    }
    refused = []
    # a line with several faults is one row: of their kinds the last by the alphabet
    for line, content, kind in rows:
        raw = str(content or "")
        reason, more = f"the line {reasons.get(kind, str(kind).lower())}", len(raw.splitlines()) - 1
        if kind == _QUOTE and more > 0:
            if _ends_with(text, raw):
                problem = f"line {line} opens a quote that nothing closes: it takes in the {more:,} lines below"
                raise BadFile(path, problem, hint="Close it, or export the file again.")
            reason += f"; it takes in the lines up to {line + more}"
        refused.append(Unreadable(path.name, int(line), "", raw, reason))
    return tuple(refused)


def _ends_with(text: Path, raw: str) -> bool:
    end = raw.encode().rstrip()
    with text.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - len(end) - 8))  # a few ends of lines may follow
        return file.read().rstrip().endswith(end)
