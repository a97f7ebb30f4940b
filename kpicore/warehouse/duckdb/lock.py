"""One load at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kpicore.utils.file_locks import locked
from kpicore.warehouse.duckdb.problems import busy


@contextmanager
def only_writer(path: Path) -> Iterator[None]:
    """Hold the right to write the warehouse at `path`. Raises WarehouseError while another holds it."""
    with locked(path) as is_ours:
        if not is_ours:
            raise busy(path)
        yield
