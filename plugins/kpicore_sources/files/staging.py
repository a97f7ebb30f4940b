"""Where files are laid out as plain text before anything is decided: one table a sheet, one column a field."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from kpicore import Unreadable

if TYPE_CHECKING:
    import duckdb

Lines = Callable[[Iterable[int]], Mapping[int, int]]
"""Gives, for row numbers from 0, the line of the file where each stands."""


@dataclass(frozen=True, slots=True)
class StagedSheet:
    """One table of a file, staged as text.

    The staged table has the columns c0, c1, … in the order of `columns` (the names in the header,
    made unique); DuckDB's own rowid is the row number from 0. Where lines may end early (`ragged`) a
    null cell is one that its line did not have. `refused` are rows that could not be split: they
    were not staged. `numeric` are the columns whose cells are numbers in the file itself, and no texts.
    """

    path: Path
    name: str
    table: str
    columns: tuple[str, ...]
    rows: int
    lines: Lines
    how: str
    notes: tuple[str, ...] = ()
    refused: tuple[Unreadable, ...] = ()
    ragged: bool = False
    numeric: frozenset[str] = frozenset()

    @property
    def place(self) -> str:
        """The file's name, with the sheet's where there is one: what a person is shown."""
        return f"{self.path.name}[{self.name}]" if self.name else self.path.name

    @property
    def stem(self) -> str:
        """The name that tells this table from others: file stem, with the sheet's where there is one."""
        return f"{self.path.stem} {self.name}".strip()

    def cell(self, column: str) -> str:
        """Return the staged column that holds `column`."""
        return f"c{self.columns.index(column)}"


@dataclass(slots=True)
class Staging:
    """A throw-away DuckDB in memory with a folder to spill to. Close it, or use it in a `with`."""

    folder: tempfile.TemporaryDirectory[str] = field(
        default_factory=lambda: tempfile.TemporaryDirectory(prefix="kpicore-import-", ignore_cleanup_errors=True)
    )
    _duckdb: duckdb.DuckDBPyConnection | None = None
    _tables: int = 0

    def __enter__(self) -> Staging:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def duckdb(self) -> duckdb.DuckDBPyConnection:
        """The connection, opened when first asked for."""
        if self._duckdb is None:
            import duckdb

            self._duckdb = duckdb.connect(":memory:", config={"temp_directory": str(self.path("spill"))})
            # Instants are told in UTC, whatever the zone of the machine.
            self._duckdb.execute("SET TimeZone = 'UTC'")
        return self._duckdb

    def path(self, name: str) -> Path:
        """Return a path inside the folder that goes away with the staging."""
        return Path(self.folder.name) / name

    def new_table(self) -> str:
        """Return a table name not used before."""
        self._tables += 1
        return f"staged_{self._tables}"

    def query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a statement."""
        return self.duckdb.execute(sql, list(values)).fetchall()

    def count(self, table: str) -> int:
        """Return the number of rows of a staged table."""
        return int(self.query(f"SELECT count(*) FROM {table}")[0][0])

    def close(self) -> None:
        """Let go of the connection and the folder."""
        if self._duckdb is not None:
            with suppress(Exception):  # a failing close must not hide the error that led here
                self._duckdb.close()
            self._duckdb = None
        self.folder.cleanup()


def unique_names(header: Sequence[str]) -> tuple[str, ...]:
    """Return the header's names, trimmed; an empty one becomes 'column 3', a repeated one 'amount (2)'.

    >>> unique_names(["id", " id ", ""])
    ('id', 'id (2)', 'column 3')
    """
    names: dict[str, None] = {}
    seen: dict[str, int] = {}
    for position, cell in enumerate(header, start=1):
        bare = name = " ".join(cell.split()) or f"column {position}"
        # "amount (2)" may stand in the header itself, so it is counted on until a name is free.
        while name in names:
            seen[bare] = seen.get(bare, 1) + 1
            name = f"{bare} ({seen[bare]})"
        names[name] = None
    return tuple(names)


def plain_path(path: Path) -> str:
    """Return the path with the signs that DuckDB reads as a pattern of many files made plain."""
    # a set of one sign, as in a shell: "[*]" is a star
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path))


def counted_from(first: int) -> Lines:
    """Return the lines of a table whose row 0 stands on line `first` and whose rows take one line each."""
    return lambda rows: {row: row + first for row in rows}
