"""A question about cohorts: checked, read in two statements, laid out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpicore.cohorts.statements import Asked, activity, sizes
from kpicore.cohorts.triangle import Age, Cohort, Cohorts, Members, Seen, Unit, life, together, units
from kpicore.cohorts.views import VIEWS
from kpicore.engine.cuts import check_entity
from kpicore.engine.engine import Engine
from kpicore.engine.reading.scans import Filters
from kpicore.engine.status import last_covered
from kpicore.errors import BadArgument, UnknownName
from kpicore.given import count_given, text_given
from kpicore.notes import Note
from kpicore.periods import Grain, Period
from kpicore.periods.grid import FISCAL
from kpicore.questions import NONE
from kpicore.units import MONEY


@dataclass(frozen=True, slots=True)
class _Line:
    """A cohort to be laid out: its period and the units of age that it is made of."""

    period: Period | None
    units: tuple[int, ...]


def cohorts(
    engine: Engine,
    show: str,
    period: Period,
    by: Sequence[str],
    cuts: Filters,
    age: Grain | None = None,
    ages: int | None = None,
) -> Cohorts:
    """Return the customers who first bought in the period, by age.

    `by` holds a grain ("month", "quarter"), dimensions of the customer, or both; `age` is the unit of
    ages, `ages` the highest one that is wanted.

    Raises: UnknownName, BadArgument, BadCut and BadPeriod for what cannot be asked.
    """
    if text_given(show, "a view of cohorts") not in VIEWS:
        raise UnknownName("view of cohorts", show, VIEWS)
    if ages is not None:
        count_given(ages, "the highest age")
    grain, dimensions = _sides(by, engine)
    _check(engine, (*dimensions, *(name for name, _ in cuts)))
    unit = age or _unit(grain)
    lines = _lines(period, grain, unit, engine)
    seen = _seen(engine, unit)
    start, end = (engine.calendar.by_id(unit, lines[at].units[at]) for at in (0, -1))
    asked = Asked(unit, start.start, end.end, engine.today, dimensions, cuts)
    first, then = sizes(asked, engine.warehouse), activity(asked, engine.registry, engine.warehouse)
    query = engine.warehouse.query
    found, early = units(query(first.sql, first.values), query(then.sql, then.values), NONE)
    oldest = max(seen.oldest(each) for line in lines for each in line.units)
    laid = _Layout(found, seen, oldest if ages is None else min(ages, oldest))
    rows = tuple(each for line in lines for each in laid.cohorts(line, dimensions))
    whole = _Line(None, tuple(each for line in lines for each in line.units))
    names = tuple([grain.value, *dimensions] if grain else dimensions)
    covers = (start.start, end.last) if (start.start, end.end) != (period.start, period.end) else None
    notes = _notes(engine, show, early, seen, lines)
    if covers is not None and grain is Grain.WEEK:
        notes = (Note.of("weeks_of", period=period.key, first=covers[0], last=covers[1]), *notes)
    return Cohorts(show, period, names, unit, rows, laid.total(whole), notes, engine.state.time)


@dataclass(frozen=True, slots=True)
class _Layout:
    found: Mapping[tuple[int, Members], Unit]
    seen: Seen
    oldest: int

    def cohorts(self, line: _Line, dimensions: tuple[str, ...]) -> list[Cohort]:
        """Return the cohorts of a line: one a combination of members, or one without dimensions."""
        some = sorted({members for unit, members in self.found if unit in line.units}) if dimensions else [()]
        return [self._cohort(line, members, tuple(zip(dimensions, members, strict=True))) for members in some]

    def total(self, line: _Line) -> Cohort:
        """Return all customers of the line's units as one cohort."""
        lives = [self._life(unit, None) for unit in line.units]
        return Cohort(None, (), self._size(line, None), together(lives))

    def _cohort(self, line: _Line, members: Members, cuts: tuple[tuple[str, str], ...]) -> Cohort:
        lives = [self._life(unit, members) for unit in line.units]
        return Cohort(line.period, cuts, self._size(line, members), together(lives))

    def _life(self, unit: int, members: Members | None) -> list[Age]:
        if members is not None:
            return life(unit, self.found.get((unit, members), Unit()), self.oldest, self.seen)
        every = [life(unit, each, self.oldest, self.seen) for (one, _), each in self.found.items() if one == unit]
        return list(together(every)) if every else life(unit, Unit(), self.oldest, self.seen)

    def _size(self, line: _Line, members: Members | None) -> int | None:
        if self.seen.age(line.units[0], 0).reason is not None and not self.seen.begins_before(line.units[0]):
            return None
        wanted = set(line.units)
        return sum(each.size for (unit, own), each in self.found.items() if unit in wanted and members in (None, own))


def _sides(by: Sequence[str], engine: Engine) -> tuple[Grain | None, tuple[str, ...]]:
    """Return the grain and the dimensions among the names."""
    known = {each.value: each for each in Grain}
    grains: list[Grain] = []
    dimensions: list[str] = []
    for name in by:
        word = name.strip().casefold().replace(" ", "_").replace("-", "_")
        if word in known:
            grains.append(known[word])
        elif word in engine.registry.dimensions:
            dimensions.append(word)
        else:
            raise UnknownName("grain or dimension", name, [*known, *engine.registry.dimensions_of("customer")])
    if len(grains) > 1:
        raise BadArgument("cohorts begin in one kind of period.", hint=f"Choose --by {grains[0].value}.")
    if not grains and not dimensions:
        raise BadArgument("cohorts need something that tells them apart.", hint="Write --by month.")
    return (grains[0] if grains else None), tuple(dict.fromkeys(dimensions))


def _unit(grain: Grain | None) -> Grain:
    """Return the unit of ages: months, but of cohorts by day or week their own."""
    if grain in (Grain.DAY, Grain.WEEK):
        return grain
    return Grain.FISCAL_MONTH if grain in FISCAL else Grain.MONTH


def _lines(period: Period, grain: Grain | None, unit: Grain, engine: Engine) -> list[_Line]:
    calendar = engine.calendar
    # cohorts by week of a year are those of its weeks; any other period that would cut a cohort in two is refused
    cut = calendar.series if grain is Grain.WEEK else calendar.split
    ids = tuple(calendar.grid.id_of(unit, each.start) for each in cut(period, unit))
    if grain is None:
        return [_Line(None, ids)]
    found: dict[Period, list[int]] = {}
    cut(period, grain)
    for id in ids:
        whole = calendar.containing(grain, calendar.by_id(unit, id).start)
        if calendar.tiles(whole, unit) is None:
            raise BadArgument(f"cohorts by {grain.words} have no ages in {unit.words}s.", hint="Leave --age out.")
        found.setdefault(whole, []).append(id)
    return [_Line(whole, tuple(some)) for whole, some in found.items()]


def _seen(engine: Engine, unit: Grain) -> Seen:
    state = engine.state.entities["order"]
    first, last = state.first or engine.today, last_covered(state.last or engine.today, engine.today)
    return Seen(engine.calendar, unit, first, last, engine.today, bool(state.filled.get("amount")))


def _check(engine: Engine, dimensions: Sequence[str]) -> None:
    state = engine.state.entities
    for entity, field in (("order", "customer_id"), ("customer", "first_purchase_on")):
        if entity not in state or not state[entity].filled.get(field):
            raise BadArgument("cohorts are made of orders with their customers, and none were loaded.")
    check_entity(
        "cohorts cannot be cut by {}: their customers are read", "customer", dimensions, engine.registry, engine.state
    )


def _notes(engine: Engine, show: str, early: int, seen: Seen, lines: Sequence[_Line]) -> tuple[Note, ...]:
    orders = engine.state.entities["order"]
    unknown = orders.rows - orders.filled.get("customer_id", 0)
    notes = [Note.of("orders_without_customer", rows=unknown, of=orders.rows)] if unknown else []
    undated = orders.rows - orders.filled.get("ordered_on", 0)
    if undated:
        notes.append(Note.of("orders_without_date", rows=undated, of=orders.rows))
    unclear = orders.rows - orders.filled.get("status", 0)
    if unclear:
        notes.append(Note.of("orders_without_status", rows=unclear, of=orders.rows))
    priceless = orders.rows - orders.filled.get("amount", 0)
    if priceless and VIEWS[show].unit is MONEY:
        notes.append(Note.of("orders_without_amount", rows=priceless, of=orders.rows))
    if early:
        notes.append(Note.of("orders_before_first", rows=early))
    if seen.begins_before(lines[0].units[0]):
        notes.append(Note.of("customers_before", first=seen.first))
    return tuple(notes)
