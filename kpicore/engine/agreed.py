"""The calendar of kpi.toml must be the one that the data was loaded with."""

from __future__ import annotations

from datetime import date

from kpicore.errors import BadPeriod, WarehouseError
from kpicore.periods import Calendar, Grain
from kpicore.warehouse import Warehouse

_WEEKS = 400
"""So many days tell on which weekday weeks begin."""


def check_calendar(warehouse: Warehouse, calendar: Calendar) -> None:
    """Refuse a calendar whose weeks or fiscal months are not those of the calendar table.

    Raises: WarehouseError when kpi.toml was changed since the last load.
    """
    for row in warehouse.query("SELECT * FROM kpi.calendar LIMIT 1"):
        if len(row) != len(calendar.COLUMNS):  # a version without such units made it
            raise _differs(Grain.FISCAL_MONTH)
    days = f"(FROM kpi.calendar ORDER BY date LIMIT {_WEEKS})"
    for grain, table in ((Grain.WEEK, days), (Grain.FISCAL_MONTH, "kpi.calendar")):
        sql = f"SELECT min(date), max(date), {grain.value} FROM {table} GROUP BY {grain.value}"
        for first, last, id in warehouse.query(sql):
            if _id(calendar, grain, first) != id or _id(calendar, grain, last) != id:
                raise _differs(grain)


def _id(calendar: Calendar, grain: Grain, day: date) -> int | None:
    """Return the id of the unit that holds the day, None for one outside the fiscal months that are listed."""
    try:
        return calendar.containing(grain, day).id
    except BadPeriod:
        return None


def _differs(grain: Grain) -> WarehouseError:
    return WarehouseError(
        f"the data was loaded with another calendar than kpi.toml has now: its {grain.words}s differ.",
        hint="Load the data again: kpi import FILE",
    )
