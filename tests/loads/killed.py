"""Loads that die at a step: four of one workspace, each as it goes on from the one before."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from kpicore import Children, Gone, LoadReport, Reached, Whole
from kpicore.testing import WAREHOUSE_FILE, load
from tests.loads.shop import REGISTRY, Said, crm, rows, shop

FIRST: tuple[Said, ...] = (
    rows("customer", "id name region_id\n a Ann north\n b Bob south\n c Cid north"),
    rows("order", "id customer_id ordered_on amount\n 1 a 2025-01-01 5\n 2 b 2025-01-02 7\n 3 c 2025-01-03 9"),
    Reached("order", "at 3"),
    rows("cost", "booked_on amount\n 2025-01-31 60\n 2025-01-31 60\n 2025-02-01 9"),
    rows("visit", "customer_id visited_on minutes\n a 2025-01-01 5\n b 2025-01-01 7"),
)
CORRECTION: tuple[Said, ...] = (
    rows("order", "id customer_id ordered_on amount\n 2 c 2025-01-02 70\n 4 a 2025-01-04 1"),
    Reached("order", "at 4"),
    rows("cost", "booked_on amount kind\n 2025-01-31 60 ads\n 2025-01-31 60 fairs\n 2025-02-01 8 ads"),
)
SNAPSHOT: tuple[Said, ...] = (
    rows("order", "id customer_id ordered_on amount\n 1 a 2025-01-01 5\n 4 - 2025-01-04 1"),
    Whole("order", "order"),
    Reached("order", "at 5"),
    rows("visit", "customer_id visited_on minutes\n a 2025-01-02 3"),
    Children("visit", "visit", "customer_id", ["a"]),
    rows("cost", "booked_on amount\n 2025-02-01 8"),
    Whole("cost", "cost"),
)
MERGE: tuple[Said, ...] = (Gone("customer", "customer", ["a", "c"], ["b", "b"]), Reached("customer", "at 1"))
LOADS = (FIRST, CORRECTION, SNAPSHOT, MERGE)


class Killed(BaseException):
    """What ends the process."""


@dataclass
class Death:
    """Ends the process before or after its step number `at`; a dead process takes no further step."""

    at: int = 0
    after: bool = False
    steps: int = 0
    dead: bool = False
    ends: Callable[[], None] | None = None

    def around(self, step: Callable[..., Any]) -> Callable[..., Any]:
        def taken(*given: Any, **named: Any) -> Any:
            self._check()
            self.steps += 1
            if self.steps == self.at and not self.after:
                self._die()
            result = step(*given, **named)
            if self.steps == self.at:
                self._die()
            return result

        return taken

    def _die(self) -> None:
        self.dead = True
        if self.ends:
            self.ends()
        self._check()

    def _check(self) -> None:
        if self.dead:
            raise Killed


class Watched:
    """A connection each of whose statements is a step."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, death: Death) -> None:
        self._connection, self._death = connection, death

    def __getattr__(self, name: str) -> Any:
        own = getattr(self._connection, name)
        return self._death.around(own) if name in ("execute", "executemany", "begin", "commit", "rollback") else own


@contextmanager
def dying(death: Death) -> Iterator[None]:
    """Let the steps of a load be those of a process that may die."""
    connect, replace = duckdb.connect, os.replace

    def connected(path: str, **named: Any) -> Any:
        connection = connect(path, **named)
        return Watched(connection, death) if path.endswith(".next") else connection

    with pytest.MonkeyPatch.context() as patch, suppress(Killed):
        patch.setattr(duckdb, "connect", connected)
        patch.setattr(os, "replace", death.around(replace))
        # who is dead clears nothing up
        unlink = Path.unlink
        patch.setattr(Path, "unlink", lambda path, **named: None if death.dead else unlink(path, **named))
        yield


def load_number(folder: Path, number: int) -> LoadReport:
    """Load what is said at a load, counted from 0."""
    said = crm(*LOADS[number])
    return load(shop(folder), REGISTRY, [said], data_time=datetime(2025, 3, 1 + number, 12, tzinfo=UTC))


def digest(folder: Path) -> str:
    file = folder / WAREHOUSE_FILE
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else ""


def everything(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of raw, earlier and made tables, and of the book but for the times at which loads ran."""
    with duckdb.connect(str(folder / WAREHOUSE_FILE), read_only=True) as connection:
        names = connection.execute(
            "SELECT schema_name || '.\"' || table_name || '\"' FROM duckdb_tables()"
            " UNION SELECT 'kpi.\"' || view_name || '\"' FROM duckdb_views() WHERE schema_name = 'kpi'"
        ).fetchall()
        return {
            name: sorted(connection.execute(f"SELECT {_columns(name)} FROM {name}").fetchall(), key=repr)
            for (name,) in names
        }


def _columns(table: str) -> str:
    return "* EXCLUDE (loaded_at)" if table == 'book."load"' else "*"
