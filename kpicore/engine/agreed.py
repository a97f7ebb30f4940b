"""The calendar of kpi.toml must be the one that the data was loaded with."""

from __future__ import annotations

from kpicore.errors import WarehouseError
from kpicore.periods import Calendar, Grain
from kpicore.warehouse import Warehouse

_DAYS = 400
"""Among so many days in a row every weekday and every month begins."""


def check_calendar(warehouse: Warehouse, calendar: Calendar) -> None:
    """Refuse a calendar whose weeks or fiscal years are not those of the calendar table.

    Raises: WarehouseError when kpi.toml was changed since the last load.
    """
    sql = "SELECT min(date), max(date), {grain} FROM (FROM kpi.calendar ORDER BY date LIMIT {days}) GROUP BY {grain}"
    for grain in (Grain.WEEK, Grain.FISCAL_YEAR):
        for first, last, id in warehouse.query(sql.format(grain=grain.value, days=_DAYS)):
            if calendar.containing(grain, first).id != id or calendar.containing(grain, last).id != id:
                raise WarehouseError(
                    f"the data was loaded with another calendar than kpi.toml has now: its {grain.words}s differ.",
                    hint="Load the data again, with kpi import or kpi sync.",
                )
