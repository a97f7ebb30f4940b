"""What plugins read of the made tables by statements of their own: values bound, cuts as the engine makes them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from kpicore.calendar import Calendar, local_date
from kpicore.engine.plan.availability import last_covered
from kpicore.engine.plan.filters import check_entity
from kpicore.engine.plan.scans import Filters
from kpicore.engine.scan.fragments import Binder, Row, day, restriction
from kpicore.language import parse_row
from kpicore.model.notes import Note
from kpicore.registry.registry import Registry
from kpicore.warehouse import CALENDAR, EntityState, State, Warehouse


class Binding:
    """Names and values of one statement as they stand in it; no value ever becomes text of it."""

    def __init__(self, warehouse: Warehouse, registry: Registry, settings: Mapping[str, object]) -> None:
        self._registry, self._settings, self._bind = registry, settings, Binder(warehouse)

    @property
    def values(self) -> list[object]:
        """The values that are bound so far."""
        return self._bind.values

    def value(self, value: object) -> str:
        """Bind a value and return its placeholder."""
        return self._bind(value)

    def day(self, value: date) -> str:
        """Bind a day."""
        return day(value, self._bind)

    def table(self, entity: str) -> str:
        """Return the made table of an entity. Raises UnknownName."""
        return self._bind.relation(self._registry.entity(entity).name)

    @property
    def calendar(self) -> str:
        """The table of all days: `date`, and the number of its unit in a column for each grain."""
        return self._bind.relation(CALENDAR)

    def name(self, name: str) -> str:
        """Return a name as a quoted identifier."""
        return self._bind.quote(name)

    def cuts(self, alias: str, cuts: Filters) -> list[str]:
        """Return the conditions that keep the asked members in the table of that alias; none for no cuts."""
        return restriction(alias, (), (), cuts, self._bind)

    def condition(self, alias: str, entity: str, text: str) -> str:
        """Return a row expression over an entity, "status = 'lent'", as SQL. Raises BadExpression."""
        # parsed, and printed again: what a plugin passes on from people never becomes text of the statement
        row = Row(alias, self._bind, self._settings)
        return row.sql(parse_row(text, self._registry.columns(entity), settings=self._settings, of_period=False))


class Tables:
    """The made tables of a workspace as they are, or were on an earlier day; `calendar` is the table of all days.

    `today` is the day of the data, `time` its instant, and `first_load` the day from which on changes are known.
    `behind` are notes on the sources that are behind, of the entities that the tables were asked for.
    """

    def __init__(
        self,
        registry: Registry,
        calendar: Calendar,
        warehouse: Warehouse,
        state: State,
        settings: Mapping[str, object],
        unknown: Callable[[frozenset[str], date], Note | None],
    ) -> None:
        self.behind: tuple[Note, ...] = ()
        self._warehouse, self._state, self._settings, self._unknown = warehouse, state, settings, unknown
        self.registry, self.calendar = registry, calendar
        self.time: datetime = state.time
        self.today: date = local_date(state.time, calendar.timezone)
        self.first_load: date = local_date(state.first_load, calendar.timezone)

    def state(self, entity: str) -> EntityState:
        """Return what was loaded of an entity; of one that never was, a state without rows."""
        return self._state.entities.get(entity) or EntityState(0)

    def days(self, entity: str) -> tuple[date, date]:
        """Return the first day of an entity's rows, and the last one up to which they count as loaded."""
        state = self.state(entity)
        return state.first or self.today, last_covered(state.last or self.today, self.today)

    def binding(self) -> Binding:
        """Return what names and values of a new statement are bound by."""
        return Binding(self._warehouse, self.registry, self._settings)

    def query(self, sql: str, binding: Binding | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of a statement whose names and values are bound. Raises WarehouseError."""
        return self._warehouse.query(sql, binding.values if binding else ())

    def check_cuts(self, refused: str, entity: str, dimensions: Iterable[str]) -> None:
        """Refuse dimensions that the rows of an entity lack; `refused` says so, with {} for the dimension, and "from
        '<entity>'" follows. Raises BadCut."""
        check_entity(refused, entity, dimensions, self.registry, self._state)

    def unknown(self, presumptions: Collection[str], day: date) -> Note | None:
        """Return what to say of presumptions of which one did not hold on a day, None where all did."""
        return self._unknown(frozenset(presumptions), day)
