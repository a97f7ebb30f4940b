"""Loads of the kept workspace, run in fresh processes."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from benchmarks.company import DATA_TIME

if TYPE_CHECKING:
    from kpicore import Batch, Unreadable


@dataclass(frozen=True, slots=True)
class _OneCost:
    """A single booking with another amount at each run, so that the data is a new version."""

    name: str = "one booking"

    def batches(self, cursor: str | None) -> Iterable[Batch]:
        import pyarrow as pa

        from kpicore import Batch

        amount = Decimal(time.time_ns() % 1_000_000)
        columns = {
            "id": ["one"],
            "booked_on": [DATA_TIME.date()],
            "category": ["training"],
            "amount": pa.array([amount], pa.decimal128(18, 4)),
        }
        return [Batch("cost", pa.table(columns))]

    def unreadable(self) -> Iterable[Unreadable]:
        return ()

    def cursor(self) -> None:
        return None


def load_again(folder: str) -> dict[str, Any]:
    """Load one changed row; return the seconds, the refilling of the kept cubes counted."""
    from kpicore import open_workspace

    started = time.perf_counter()
    with open_workspace(folder) as workspace:
        report = workspace.load([_OneCost()], data_time=DATA_TIME)
        if report.errors:
            raise SystemExit("; ".join(report.errors))
    return {"seconds": time.perf_counter() - started}
