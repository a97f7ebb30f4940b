"""Cubes kept beside the warehouse, so that a new process need not read the rows again.

The file is a cache: it may be deleted at any time, and what cannot be read from it is read from the warehouse.
Only what a cube holds for all members is kept, under the data version it was read from and with a digest of
all that is written: a row that does not fit its digest, by a damaged disk or another's hand, is as good as none.
A damaged file is made anew when there is something to keep.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any, TypeVar

from kpicore.engine.plan.cubes import Cell, Cube, CubeKey, Members, TimeKey
from kpicore.turns import aside, parts
from kpicore.utils.gc_pause import search_new

FILE = "cubes.sqlite"
# raised when cells are written otherwise: it is a part of the version, so that nobody finds those of another one
FORMAT = 2
# the version is no part of the key: what is read of newer data takes the place of what was read of older
_TABLE = (
    "CREATE TABLE IF NOT EXISTS cube (measure TEXT, dimensions TEXT, time TEXT, last TEXT, version TEXT, "
    "used INTEGER, cells TEXT, digest TEXT, PRIMARY KEY (measure, dimensions, time, last))"
)
_COLUMNS = "measure, dimensions, time, last, version, used, cells, digest"
_DAMAGED = frozenset({sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
"""What SQLite says of a file that is none, is torn, or has a table of another layout."""

MOST_BYTES = 500_000_000
"""Beyond that, cubes that were kept longest ago make room."""

_MEMBER = 10
"""So many cells a member is taken to have, where they are not counted."""

T = TypeVar("T")
_Used = tuple[int, tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class StoredCube:
    """What the store holds of a cube, without its cells."""

    measure: str
    dimensions: Members
    time: str


class CubeStore:
    """The cubes of one data version; those of older versions only tell what used to be asked."""

    def __init__(self, file: Path, version: str) -> None:
        self._file, self._version = file, f"{FORMAT}:{version}"

    def get(self, key: CubeKey) -> Cube | None:
        """Return the cube as it was kept, or None."""
        if not _is_kept(key) or not self._file.exists():
            return None
        named = (*_name(key), self._version)
        sql = f"SELECT {_COLUMNS} FROM cube WHERE (measure, dimensions, time, last, version) = (?, ?, ?, ?, ?)"
        with aside():
            row = self._tried(lambda file: file.execute(sql, named).fetchone(), None)
            # its name is looked at again: a damaged index may point to the row of another cube, which fits its digest
            is_sound = row is not None and row[: len(named)] == named and _fits(row)
        return _decoded(row[-2]) if is_sound else None

    def put(self, cubes: Iterable[tuple[CubeKey, Cube]], lock: AbstractContextManager[Any] | None = None) -> None:
        """Keep what cubes hold for all members; they gain nothing under the `lock`, and others may go first."""
        now, still = int(time.time()), lock or nullcontext()
        rows = [(*_name(key), self._version, now, _encoded(cube, still)) for key, cube in cubes if _is_kept(key)]
        if rows:
            with aside():
                written = [(*row, _digest(row)) for row in rows]
                self._tried(lambda file: _write(file, written), None, anew=True)

    def drop(self, keys: Iterable[CubeKey]) -> None:
        """Forget these cubes."""
        names = [_name(key) for key in keys if _is_kept(key)]
        if names and self._file.exists():
            sql = "DELETE FROM cube WHERE (measure, dimensions, time, last) = (?, ?, ?, ?)"
            self._tried(lambda file: file.executemany(sql, names), None)

    def asked(self) -> list[StoredCube]:
        """Return what was kept under any version, most lately first."""
        if not self._file.exists():
            return []
        nothing: Sequence[_Used] = ()
        # once, although versions of the data have it several times
        names = dict.fromkeys(name for _, name in sorted(self._tried(_names, nothing), reverse=True))
        return [StoredCube(measure, tuple(json.loads(dimensions)), time) for measure, dimensions, time in names]

    def drop_old(self) -> None:
        """Forget the cubes of other data versions."""
        if self._file.exists():
            self._tried(lambda file: file.execute("DELETE FROM cube WHERE version <> ?", [self._version]), None)

    def problem(self) -> str:
        """Return why nothing can be kept in the file; empty when it can, or will be once it is made anew."""
        try:
            if self._file.exists():
                # the least that needs the right to write, and writes nothing
                self._with_file(lambda file: file.execute("BEGIN IMMEDIATE"))
        except sqlite3.Error as error:
            if _code(error) not in (*_DAMAGED, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                return f"it cannot be used ({error}), so each process reads the rows anew. Move it away."
        return ""

    def _tried(self, act: Callable[[sqlite3.Connection], T], instead: T, *, anew: bool = False) -> T:
        """Act on the file: a cache that cannot be used costs time, never an answer. `anew` replaces a damaged one."""
        try:
            return self._with_file(act)
        except sqlite3.Error as error:
            if not (anew and _code(error) in _DAMAGED and self._is_removed()):
                return instead
        return self._tried(act, instead)

    def _with_file(self, act: Callable[[sqlite3.Connection], T]) -> T:
        try:
            # `connection` twice: as a context it commits or takes back, and only closing() closes it
            with closing(sqlite3.connect(self._file, timeout=2)) as connection, connection:
                connection.execute("PRAGMA synchronous = OFF")  # what a power cut tears fits no digest either
                connection.text_factory = lambda text: text.decode(errors="replace")  # what is damaged fits no digest
                return act(connection)
        except UnicodeDecodeError as error:  # SQLite's message quotes bytes of the damaged file
            damaged = sqlite3.DatabaseError(f"malformed: {error}")
            damaged.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise damaged from error

    def _is_removed(self) -> bool:
        try:
            for suffix in ("", "-journal", "-wal", "-shm"):
                self._file.with_name(self._file.name + suffix).unlink(missing_ok=True)
        except OSError:  # somebody has it open, or it may not be deleted
            return False
        return True


def _write(file: sqlite3.Connection, rows: list[tuple[Any, ...]]) -> None:
    file.execute(_TABLE)
    file.executemany(f"INSERT OR REPLACE INTO cube ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    oldest = "DELETE FROM cube WHERE rowid = (SELECT rowid FROM cube ORDER BY used, rowid LIMIT 1)"
    while _bytes(file) > MOST_BYTES and file.execute(oldest).rowcount > 0:
        pass


def _bytes(file: sqlite3.Connection) -> int:
    """Return how many bytes of the file are in use."""
    ((pages, free, size),) = file.execute(
        "SELECT * FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()"
    )
    # the file never shrinks: SQLite writes anew into the pages of rows that were deleted
    return int(pages - free) * int(size)


def _names(file: sqlite3.Connection) -> Sequence[_Used]:
    """Return when each cube was kept, and its measure, dimensions and time."""
    return [(row[5], row[:3]) for row in file.execute(f"SELECT {_COLUMNS} FROM cube") if _fits(row)]


def _digest(row: tuple[Any, ...]) -> str:
    """Return the digest of all that is written of a cube: its name, the versions, its cells."""
    digest = hashlib.sha256()
    for content in row:
        written = str(content).encode()
        # with its length, so that no two rows are one text: ("ab", "c") is not ("a", "bc")
        digest.update(b"%d " % len(written))
        digest.update(written)
    return digest.hexdigest()


def _fits(row: tuple[Any, ...]) -> bool:
    texts = (*row[:5], *row[6:])
    return isinstance(row[5], int) and all(isinstance(text, str) for text in texts) and row[-1] == _digest(row[:-1])


def _code(error: sqlite3.Error) -> int:
    code: int = getattr(error, "sqlite_errorcode", 0)
    # the low byte is the kind of error, of which SQLITE_CORRUPT_INDEX and others are special cases
    return code & 0xFF


def _is_kept(key: CubeKey) -> bool:
    """Whether others may ask the same: not with a list of members."""
    return not key.filters


def _name(key: CubeKey) -> tuple[str, str, str, str]:
    return key.measure.key, json.dumps(key.dimensions), key.time, str(key.last)


def _encoded(cube: Cube, still: AbstractContextManager[Any]) -> str:
    """Return the cube as JSON: its times, then for each member the times and four columns of numbers."""
    with still:
        # times before cells: what comes meanwhile is of times that are not told here, and are read again when asked
        times, of_members = _json(sorted(cube.times)), list(cube.cells.items())
    rows: list[str] = []
    for batch in parts(of_members, holding=_MEMBER):
        with still:
            encoded = _rows(cube, batch)
        rows += map(_json, encoded)
    return f"[{times},[{','.join(rows)}]]"


def _rows(cube: Cube, of_members: Iterable[tuple[Members, dict[TimeKey, Cell]]]) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for members, by_time in of_members:
        cells = {time: cell for time, cell in by_time.items() if time in cube.times} if cube.partial else by_time
        if not cells:
            continue
        # cells turned into columns: [(3, 3, 0, 0), (5, 5, 0, 0)] is (3, 5), (3, 5), (0, 0), (0, 0)
        value, count, empty, zero = zip(*cells.values(), strict=True)
        # of a count three columns of four say nothing, and most cubes are counts
        plain = value == count and not any(empty) and not any(zero)
        rows.append([members, list(cells), value, *([] if plain else [count, empty, zero])])
    return rows


def _json(content: Any) -> str:
    return json.dumps(content, separators=(",", ":"))


def _decoded(text: str) -> Cube:
    times, rows = json.loads(text)
    # JSON makes a list of a tuple: spans are pairs of days, all other times are numbers
    are_spans = any(isinstance(time, list) for time in times)  # all or none of them
    cube = Cube(times=set(map(tuple, times) if are_spans else times))
    for batch in parts(rows, holding=_MEMBER):
        for members, at, value, *rest in batch:
            # a total of 1.0 over one row is kept like a count, and rows are whole
            columns = rest or (map(int, value), repeat(0), repeat(0))
            cells: Iterable[Cell] = zip(value, *columns, strict=False)
            cube.cells[tuple(members)] = dict(zip(map(tuple, at) if are_spans else at, cells, strict=False))
        search_new()
    return cube
