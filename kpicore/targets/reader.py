"""Targets as they were written, in rows and in kpi.toml, read into what can be looked up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from math import inf, isfinite
from typing import Any

from kpicore.calendar import Calendar, Grain, Period
from kpicore.calendar.arguments import grain_named
from kpicore.engine.compile.definitions import Definitions
from kpicore.engine.plan.filters import MemberNames, check_cuts, resolved
from kpicore.engine.scan.fragments import Binder
from kpicore.errors import BadArgument, BadPeriod, KpiError
from kpicore.model.settings import shown
from kpicore.model.units import COUNT, MONEY
from kpicore.registry.registry import Registry
from kpicore.targets import ENTITY, GOAL
from kpicore.targets.targets import SetTarget, Targets, indexed
from kpicore.warehouse import Warehouse

KEYS = ("id", "kpi", "period", "value", "unit", "parent", "weight", "progress", "reached")
"""What a `[[target]]` may hold besides dimensions."""

_COLUMNS = ("id", "kpi_id", "period", "period_grain", "period_start", "value", "unit", "parent_target_id", "weight")
# of different years, months and weekdays: whatever is reckoned from today comes out as two periods
_ANOTHER_DAY, _YET_ANOTHER = date(2000, 1, 1), date(2001, 2, 2)
Given = Mapping[str, Any]


class TargetReader:
    """Reads targets against the KPIs, the calendar and the members that there are."""

    def __init__(
        self,
        registry: Registry,
        definitions: Definitions,
        warehouse: Warehouse,
        calendar: Calendar,
        members: MemberNames,
    ) -> None:
        self.registry, self.definitions, self.warehouse = registry, definitions, warehouse
        self.calendar, self.members = calendar, members

    def read(self, written: Sequence[Given]) -> Targets:
        """Return all targets, and one line for each that cannot be."""
        targets: list[SetTarget] = []
        problems: list[str] = []
        for loaded, rows in ((True, self._loaded()), (False, configured(written))):
            for place, row, cuts in rows:
                try:
                    targets.append(replace(self._target(place, row, cuts), loaded=loaded))
                except KpiError as error:
                    problems.append(f"{place}: {error}")
        return indexed(targets, problems)

    def _loaded(self) -> Iterator[tuple[str, Given, Given]]:
        state = self.warehouse.state.entities.get(ENTITY)
        if state is None or not state.rows:
            return
        beside = {field.name for field in self.registry.entity(ENTITY).fields if field.words_of}
        # the words beside fields with codes are dimensions too, and would be a second filter for the same
        known = (name for name in self.registry.dimensions_of(ENTITY) if name != GOAL and name not in beside)
        dimensions = [name for name in known if state.filled.get(name)]
        columns = [name for name in (*_COLUMNS, "progress", "reached") if state.filled.get(name)]
        names = [*columns, *dimensions]
        bind = Binder(self.warehouse)
        sql = f"SELECT {', '.join(f'e.{bind.quote(name)}' for name in names)} FROM {bind.relation(ENTITY)} AS e"
        for values in self.warehouse.query(sql):
            row = dict(zip(names, values, strict=True))
            cuts = {dimension: (row[dimension],) for dimension in dimensions if row[dimension] is not None}
            as_written = {**row, "kpi": row.get("kpi_id"), "parent": row.get("parent_target_id")}
            yield f"target '{row['id']}'", as_written, cuts

    def _target(self, place: str, row: Given, cuts: Given) -> SetTarget:
        check_plain({**row, **cuts}, cuts)
        kpi, variant = kpi_of(row, self.definitions)
        period = period_of(row, self.calendar)
        filters = resolved({name: list(v) if isinstance(v, tuple) else v for name, v in cuts.items()}, self.registry,
                         self.members)  # fmt: skip
        if any(len(values) != 1 for _, values in filters):
            raise BadArgument("a target is set for one member, not for a list.", hint="Write a target for each.")
        value = number_in(row, "value")
        if value is None:
            raise BadArgument("it has no value.", hint="Write a number.")
        if kpi:
            definition = self.definitions.get(kpi, variant)
            if value < 0 and definition.unit in (MONEY, COUNT):
                raise BadArgument(f"its value {value:g} is negative.", hint="Write what is to be reached.")
            check_cuts(definition, [name for name, _ in filters], self.definitions, self.warehouse.state)
        weight, progress = number_in(row, "weight"), number_in(row, "progress")
        for name, number in (("weight", weight), ("progress", progress)):
            if number is not None and number < 0:
                raise BadArgument(f"its {name} {number:g} is negative.", hint="Write a number from 0 on.")
        return SetTarget(
            str(row.get("id") or place),
            kpi,
            variant,
            period,
            value,
            filters,
            str(row.get("unit") or ""),
            str(row.get("parent") or ""),
            1.0 if weight is None else weight,
            progress,
            number_in(row, "reached"),
            place,
        )


def kpi_of(row: Given, definitions: Definitions) -> tuple[str, str]:
    """Return the KPI and the variant that a target is set for, both empty for none. Raises UnknownName."""
    ref = row.get("kpi")
    if ref is None or not str(ref).strip():
        return "", ""
    return definitions.named(str(ref))


def period_of(row: Given, calendar: Calendar) -> Period:
    """Return the period of its key, or of its grain and first day. Raises BadPeriod and UnknownName."""
    text, word, start = row.get("period"), row.get("period_grain"), row.get("period_start")
    grain = grain_named(str(word)) if word else None
    # TOML gives 2026 as a number and 2026-01-01 as a date: both are keys as they stand
    if text not in (None, ""):
        key = text if isinstance(text, int | date) else str(text)
        # "this month" would be set for another month tomorrow: what any two days read differently is refused
        period = calendar.parse(key, today=_ANOTHER_DAY)
        if calendar.parse(key, today=_YET_ANOTHER) != period:
            raise BadPeriod(text, "means another period every day")
        # 2026-07 with the grain quarter is 2026-Q3, which holds it
        return _unit_of(period, grain, calendar) if grain else period
    if start is None or grain is None:
        raise BadPeriod("", "is not given", hint="Write a key such as 2026-Q3, or period_grain and period_start.")
    period = calendar.containing(grain, start)
    if period.start != start:
        raise BadPeriod(start, f"is not the first day of a {grain.words}", hint=f"Did you mean {period.start}?")
    return period


def _unit_of(period: Period, grain: Grain, calendar: Calendar) -> Period:
    """Return the unit that holds the period. Raises BadPeriod when none does: 2026-Q3 is no month."""
    unit = calendar.containing(grain, period.start)
    if period.end > unit.end:
        raise BadPeriod(period, f"is longer than a {grain.words}", hint="Leave period_grain out, or write the unit.")
    return unit


def number_in(row: Given, name: str) -> float | None:
    """Return a number of a target, None where none is given. Raises BadArgument."""
    value = row.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise BadArgument(f"its {name} '{value}' is no number.", hint="Write it without quotes, as 700000.")
    try:
        number = float(value)
    # a whole number of TOML may be longer than any float
    except OverflowError:
        number = inf
    if not isfinite(number):
        raise BadArgument(f"its {name} is no number that can be reached.", hint="Write it as 700000.")
    return number


def check_plain(row: Given, cuts: Given) -> None:
    """Refuse a table, or a list where there is none of members: what it holds may be secret. Raises BadArgument."""
    for name, value in row.items():
        for item in value if name in cuts and isinstance(value, list) else [value]:
            if isinstance(item, dict | list):
                raise BadArgument(f"its {name} holds {shown(item)}.", hint="Write a text, a number or a day.")


def configured(written: Iterable[Given]) -> Iterator[tuple[str, Given, Given]]:
    """Yield place, row and cuts of each target that was written by hand."""
    for number, row in enumerate(written, 1):
        place = str(row.get("place") or f"[[target]] {number}")
        cuts = {name: value for name, value in row.items() if name not in (*KEYS, "place")}
        yield place, row, cuts
