"""The calendar table: every day that the data or a question about it can touch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import duckdb

from kpicore.calendar import Calendar

FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)
"""Days outside are slips of the pen; no period of the calendar reaches them."""

_YEAR = timedelta(days=366)


def make_calendar(connection: duckdb.DuckDBPyConnection, calendar: Calendar, seen: Sequence[date | None]) -> None:
    """Write the days from a year before the first day seen to five years after the last."""
    known = [min(LAST, max(FIRST, each)) for each in seen if each]
    days = calendar.rows(min(known) - _YEAR, max(known) + 5 * _YEAR)
    types = ["DATE", *["INTEGER"] * (len(Calendar.COLUMNS) - 1)]
    columns = ", ".join(
        f'unnest(CAST(${number} AS {type_}[])) AS "{name}"'
        for number, (name, type_) in enumerate(zip(Calendar.COLUMNS, types, strict=True), 1)
    )
    connection.execute(
        f"CREATE OR REPLACE TABLE kpi.calendar AS SELECT {columns}", [list(each) for each in zip(*days, strict=True)]
    )
