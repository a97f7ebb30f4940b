"""Cubes kept beside the warehouse, so that a new process need not read the rows again.

The file is a cache: it may be deleted at any time, and a file that cannot be read or written is
passed over. Only cubes with all members are kept, each under the data version it was read from.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any

from kpicore.engine.cubes import Cell, Cube, CubeKey, Members

FILE = "cubes.sqlite"
FORMAT = 1
_TABLE = (
    "CREATE TABLE IF NOT EXISTS cube (measure TEXT, dimensions TEXT, time TEXT, last TEXT, version TEXT, "
    "used INTEGER, cells TEXT, PRIMARY KEY (measure, dimensions, time, last))"
)


@dataclass(frozen=True, slots=True)
class Kept:
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
        rows = self._run(
            "SELECT cells FROM cube WHERE measure = ? AND dimensions = ? AND time = ? AND last = ? AND version = ?",
            [(*_name(key), self._version)],
        )
        return _decoded(rows[0][0]) if rows else None

    def put(self, cubes: Iterable[tuple[CubeKey, Cube]]) -> None:
        """Keep cubes that have all members; others are passed over."""
        rows = [
            (*_name(key), self._version, _encoded(cube))
            for key, cube in cubes
            if cube.members is None and _is_kept(key)
        ]
        if rows:
            self._run(
                "INSERT OR REPLACE INTO cube VALUES (?, ?, ?, ?, ?, unixepoch(), ?)",
                rows,
            )

    def asked(self) -> list[Kept]:
        """Return what was kept under any version, most lately first."""
        if not self._file.exists():
            return []
        rows = self._run("SELECT DISTINCT measure, dimensions, time FROM cube ORDER BY used DESC", [()])
        return [Kept(measure, tuple(json.loads(dimensions)), time) for measure, dimensions, time in rows]

    def drop_old(self) -> None:
        """Forget the cubes of other data versions."""
        if self._file.exists():
            self._run("DELETE FROM cube WHERE version <> ?", [(self._version,)])

    def _run(self, sql: str, values: list[tuple[Any, ...]]) -> list[Any]:
        try:
            with closing(sqlite3.connect(self._file, timeout=2)) as connection, connection:
                connection.execute(_TABLE)
                if len(values) == 1:
                    return connection.execute(sql, values[0]).fetchall()
                connection.executemany(sql, values)
        except sqlite3.Error:
            pass  # a cache that cannot be used costs time, never an answer
        return []


def _is_kept(key: CubeKey) -> bool:
    """Whether others may ask the same: not with a list of members, nor as of an earlier day."""
    return not key.filters and key.as_of is None


def _name(key: CubeKey) -> tuple[str, str, str, str]:
    return key.measure.key, json.dumps(key.dimensions), key.time, str(key.last)


def _encoded(cube: Cube) -> str:
    """Return the cube as JSON: its times, then for each member the times and four columns of numbers."""
    rows = []
    for members, cells in cube.cells.items():
        value, count, empty, zero = zip(*cells.values(), strict=True) if cells else ((), (), (), ())
        plain = value == count and not any(empty) and not any(zero)
        rows.append([members, list(cells), value, *([] if plain else [count, empty, zero])])
    return json.dumps([sorted(cube.times), rows], separators=(",", ":"))


def _decoded(text: str) -> Cube | None:
    try:
        times, rows = json.loads(text)
        are_spans = any(isinstance(each, list) for each in times)  # all or none of them
        cube = Cube(times=set(map(tuple, times) if are_spans else times))
        for members, at, value, *rest in rows:
            columns = rest or (value, repeat(0), repeat(0))
            cells: Iterable[Cell] = zip(value, *columns, strict=False)
            cube.cells[tuple(members)] = dict(zip(map(tuple, at) if are_spans else at, cells, strict=False))
    except (ValueError, TypeError):
        return None
    return cube
