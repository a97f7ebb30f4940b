"""The settings and the calendar of kpi.toml must be those that the data was loaded with."""

from __future__ import annotations

from datetime import date

from kpicore.config import Config
from kpicore.errors import BadPeriod, WarehouseError
from kpicore.periods import Calendar, Grain
from kpicore.warehouse import State, Warehouse

_LOAD_AGAIN = "Load the data again: kpi import FILE"
_WEEKS = 400
"""So many days tell on which weekday weeks begin."""


def check_settings(state: State, config: Config) -> None:
    """Refuse settings by which the load would have made other rows. Raises WarehouseError."""
    now = {**config.settings, "currency": config.currency, "timezone": config.timezone}
    for name, was in state.made_with.items():
        if str(now.get(name, was)) != was:
            problem = f"the data was loaded with {name} = {was}, and kpi.toml has {now[name]} now."
            raise WarehouseError(problem, hint=_LOAD_AGAIN)


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
        hint=_LOAD_AGAIN,
    )
