"""A question about cohorts: checked, read in two statements, laid out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kpicore import (
    MONEY,
    NONE,
    BadArgument,
    Grain,
    Note,
    Period,
    Tables,
    UnknownName,
    count_given,
    grain_named,
    text_given,
    texts_given,
    word_given,
)
from kpicore_crm.cohorts.result import Cohorts
from kpicore_crm.cohorts.statements import CohortQuery, activity, sizes
from kpicore_crm.cohorts.triangle import (
    Age,
    Cohort,
    DimensionValues,
    Histories,
    Seen,
    UnitHistory,
    life,
    together,
    units,
)
from kpicore_crm.cohorts.views import VIEWS

if TYPE_CHECKING:
    from kpicore import Workspace


@dataclass(frozen=True, slots=True)
class _Line:
    """A cohort to be laid out: its period and the units of age that it is made of."""

    period: Period | None
    units: tuple[int, ...]


def cohorts(
    workspace: Workspace,
    show: str = "retention",
    period: str | Period = "ytd",
    *,
    by: str | Sequence[str] = "month",
    where: Mapping[str, object] | None = None,
    age: str | Grain | None = None,
    ages: int | None = None,
) -> Cohorts:
    """Return customers by when they first bought and by age: "retention", "customers", "repeat",
    "orders", "revenue" or "ltv".

    `by` holds a grain ("month", "quarter"), dimensions of the customer, or both; `where` filters customers; ages
    are counted in months, or in `age`, up to `ages`.

    Raises: KpiError with one clear line for anything that cannot be asked.
    """
    groups, unit = texts_given(by, "a grain or dimension"), grain_named(age) if age else None
    whole, cuts = workspace.period(period), workspace.cuts(where)
    if text_given(show, "a view of cohorts") not in VIEWS:
        raise UnknownName("view of cohorts", show, VIEWS)
    if ages is not None:
        count_given(ages, "the highest age")
    tables = workspace.tables(reading=("customer", "order"))
    grain, dimensions = _sides(groups, tables)
    _check(tables, (*dimensions, *(name for name, _ in cuts)))
    unit = unit or _unit(grain)
    lines = _lines(whole, grain, unit, tables)
    # Whole units: the weeks of a year begin before it and end behind it, which a note tells.
    # the first unit of the first line and the last unit of the last one
    start, end = (tables.calendar.by_id(unit, lines[at].units[at]) for at in (0, -1))
    query = CohortQuery(unit, start.start, end.end, tables.today, dimensions, cuts)
    covers = (start.start, end.last) if (start.start, end.end) != (whole.start, whole.end) else None
    laid, early = _read(tables, query, lines, ages)
    rows = tuple(cohort for line in lines for cohort in laid.cohorts(line, dimensions))
    all_of_them = _Line(None, tuple(unit_id for line in lines for unit_id in line.units))
    names = tuple([grain.value, *dimensions] if grain else dimensions)
    notes = _notes(tables, show, early, laid.seen, lines)
    if covers is not None and grain is Grain.WEEK:
        notes = (Note.of("weeks_of", period=whole.key, first=covers[0], last=covers[1]), *notes)
    return Cohorts(show, whole, names, unit, rows, laid.total(all_of_them), notes, tables.time)


def _read(tables: Tables, query: CohortQuery, lines: Sequence[_Line], ages: int | None) -> tuple[_Layout, int]:
    """Return what lays out the lines, and how many orders came before a first purchase."""
    first, then = tables.binding(), tables.binding()
    won, since = sizes(query, first), activity(query, then)
    histories, early = units(tables.query(won, first), tables.query(since, then), NONE)
    seen = _seen(tables, query.grain)
    # one highest age for all lines, so that every row of the triangle is as wide
    oldest = max(seen.oldest(unit) for line in lines for unit in line.units)
    return _Layout(histories, seen, oldest if ages is None else min(ages, oldest)), early


@dataclass(frozen=True, slots=True)
class _Layout:
    histories: Histories
    seen: Seen
    oldest: int
    _lives: dict[tuple[int, DimensionValues], list[Age]] = field(default_factory=dict)

    def cohorts(self, line: _Line, dimensions: tuple[str, ...]) -> list[Cohort]:
        """Return the cohorts of a line: one a combination of dimension values, or one without dimensions."""
        lived = {values for unit in line.units for values in self.histories.get(unit, ())}
        combinations = sorted(lived) if dimensions else [()]
        return [self._cohort(line, values, tuple(zip(dimensions, values, strict=True))) for values in combinations]

    def total(self, line: _Line) -> Cohort:
        """Return all customers of the line's units as one cohort."""
        lives = [self._life(unit, None) for unit in line.units]
        return Cohort(None, (), self._size(line, None), together(lives))

    def _cohort(self, line: _Line, values: DimensionValues, cuts: tuple[tuple[str, str], ...]) -> Cohort:
        lives = [self._life(unit, values) for unit in line.units]
        return Cohort(line.period, cuts, self._size(line, values), together(lives))

    def _life(self, unit: int, values: DimensionValues | None) -> list[Age]:
        histories = self.histories.get(unit, {})
        if values is None and histories:
            return list(together([self._life(unit, own) for own in histories]))
        key = unit, values or ()
        if key not in self._lives:
            # the cohorts and their total are made of the same lives
            self._lives[key] = life(unit, histories.get(key[1], UnitHistory()), self.oldest, self.seen)
        return self._lives[key]

    def _size(self, line: _Line, values: DimensionValues | None) -> int | None:
        # of days before the first order the size is known all the same, by purchase dates that customers came with
        if self.seen.age(line.units[0], 0).reason is not None and not self.seen.begins_before(line.units[0]):
            return None
        return sum(
            history.size
            for unit in line.units
            for own, history in self.histories.get(unit, {}).items()
            if values in (None, own)
        )


def _sides(by: Sequence[str], tables: Tables) -> tuple[Grain | None, tuple[str, ...]]:
    """Return the grain and the dimensions among the names."""
    known = {grain.value: grain for grain in Grain}
    grains: list[Grain] = []
    dimensions: list[str] = []
    for name in by:
        word = word_given(name, "a grain or dimension")
        if word in known:
            grains.append(known[word])
        elif word in tables.registry.dimensions:
            dimensions.append(word)
        else:
            raise UnknownName("grain or dimension", name, [*known, *tables.registry.dimensions_of("customer")])
    if len(grains) > 1:
        raise BadArgument("cohorts begin in one kind of period.", hint=f"Choose --by {grains[0].value}.")
    if not grains and not dimensions:
        raise BadArgument("cohorts need something that tells them apart.", hint="Write --by month.")
    return (grains[0] if grains else None), tuple(dict.fromkeys(dimensions))


def _unit(grain: Grain | None) -> Grain:
    """Return the unit of ages: months, but of cohorts by day or week their own."""
    if grain in (Grain.DAY, Grain.WEEK):
        return grain
    return Grain.FISCAL_MONTH if grain is not None and grain.is_fiscal else Grain.MONTH


def _lines(period: Period, grain: Grain | None, unit: Grain, tables: Tables) -> list[_Line]:
    calendar = tables.calendar
    # cohorts by week of a year are those of its weeks; any other period that would cut a cohort in two is refused
    cut = calendar.series if grain is Grain.WEEK else calendar.split
    ids = tuple(calendar.grid.id_of(unit, stretch.start) for stretch in cut(period, unit))
    if grain is None:
        return [_Line(None, ids)]
    units_by_period: dict[Period, list[int]] = {}
    # for what it raises: a period that would cut a cohort in two
    cut(period, grain)
    for id in ids:
        whole = calendar.containing(grain, calendar.by_id(unit, id).start)
        # weeks lie across months: a cohort by month has no whole number of them
        if calendar.tiles(whole, unit) is None:
            raise BadArgument(f"cohorts by {grain.words} have no ages in {unit.words}s.", hint="Leave --age out.")
        units_by_period.setdefault(whole, []).append(id)
    return [_Line(whole, tuple(unit_ids)) for whole, unit_ids in units_by_period.items()]


def _seen(tables: Tables, unit: Grain) -> Seen:
    has_amounts = bool(tables.state("order").filled.get("amount"))
    return Seen(tables.calendar, unit, *tables.days("order"), tables.today, has_amounts)


def _check(tables: Tables, dimensions: Sequence[str]) -> None:
    for entity, name in (("order", "customer_id"), ("customer", "first_purchase_on")):
        if not tables.state(entity).filled.get(name):
            raise BadArgument("cohorts are made of orders with their customers, and none were loaded.")
    tables.check_cuts("cohorts cannot be cut by {}: their customers are read", "customer", dimensions)


def _notes(tables: Tables, show: str, early: int, seen: Seen, lines: Sequence[_Line]) -> tuple[Note, ...]:
    orders = tables.state("order")
    unknown = orders.rows - orders.filled.get("customer_id", 0)
    notes = [*tables.behind, *([Note.of("orders_without_customer", rows=unknown, of=orders.rows)] if unknown else [])]
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
