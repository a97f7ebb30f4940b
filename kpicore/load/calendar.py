"""The calendar table: every day that the data or a question about it can touch."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

import duckdb

from kpicore.periods import Calendar

if TYPE_CHECKING:
    from kpicore.config import Config

FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)
"""Days outside are slips of the pen; no period of the calendar reaches them."""

_YEAR = timedelta(days=366)


def make_calendar(
    connection: duckdb.DuckDBPyConnection,
    config: Config,
    seen: Mapping[str, tuple[date | None, date | None]],
    today: date,
) -> None:
    """Write the days from a year before the first seen to five years after the last, today among them."""
    import pyarrow as pa

    first = min([today, *(early for early, _ in seen.values() if early)])
    last = max([today, *(late for _, late in seen.values() if late)])
    calendar = Calendar(config.week_starts, config.fiscal_starts, config.timezone)
    days = calendar.rows(max(FIRST, first) - _YEAR, min(LAST, last) + 5 * _YEAR)
    types = [pa.date32()] + [pa.int32()] * (len(Calendar.COLUMNS) - 1)
    columns = [pa.array(values, type_) for values, type_ in zip(zip(*days, strict=True), types, strict=True)]
    connection.register("calendar_rows", pa.table(columns, names=list(Calendar.COLUMNS)))
    connection.execute("CREATE OR REPLACE TABLE kpi.calendar AS FROM calendar_rows")
    connection.unregister("calendar_rows")
