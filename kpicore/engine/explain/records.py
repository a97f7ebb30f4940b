"""Lists of rows: the records behind an input, and any other list of one entity's rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kpicore.engine.compile.measures import Alive, Flow, Grouped, Measure
from kpicore.engine.plan.requests import Leaf
from kpicore.engine.plan.scans import BySpans, Filters, Scan
from kpicore.engine.scan.fragments import Binder, Row, day, restriction
from kpicore.engine.scan.groups import groups_sql
from kpicore.engine.scan.pieces import sound, until
from kpicore.engine.scan.relations import Context, table
from kpicore.engine.scan.values import typed
from kpicore.language import Node, names
from kpicore.model.inputs import At
from kpicore.model.schema import Type
from kpicore.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of an entity. `total` is how many there are, of which `rows` holds the first."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    total: int


def listing(leaf: Leaf, cuts: Filters, warehouse: Warehouse, context: Context, limit: int) -> Rows:
    """Return the records that a leaf counts: key, name, dates, value and the fields of its condition."""
    bind = Binder(warehouse)
    if isinstance(leaf.measure.source, Grouped):
        columns, rows, conditions, order = _grouped(leaf, cuts, leaf.measure.source, bind, context)
    else:
        columns, rows, conditions, order = _plain(leaf, cuts, bind, context)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    total = warehouse.query(f"SELECT count(*) FROM {rows}{where}", bind.values)[0][0]
    shown = ", ".join(f"e.{bind.quote(column)}" for column in columns)
    sql = f"SELECT {shown} FROM {rows}{where} ORDER BY {order} LIMIT {int(limit)}"
    states = dict.fromkeys(columns, Type.NUMBER) if isinstance(leaf.measure.source, Grouped) else {}
    known = {**context.registry.columns(leaf.measure.entity), **states}
    types = [known[column] for column in columns]
    return Rows(columns, typed(warehouse.query(sql, bind.values), types), int(total))


_Parts = tuple[tuple[str, ...], str, list[str], str]


def _plain(leaf: Leaf, cuts: Filters, bind: Binder, context: Context) -> _Parts:
    measure = leaf.measure
    entity = context.registry.entity(measure.entity)
    conditions, dates = counted(leaf, cuts, bind, context)
    known = [each for each in (*entity.key, entity.label) if entity.field(each)]
    used = [name for node in (measure.value, measure.where) if node for space, name in sorted(names(node)) if not space]
    columns = tuple(dict.fromkeys([*known, *dates, *used, *(name for name, _ in cuts)]))
    order = ", ".join(f"e.{bind.quote(each)} DESC NULLS LAST" for each in dates)
    keys = "".join(f", e.{bind.quote(each)}" for each in known)
    return columns, table(measure.entity, context, bind), conditions, order + keys


def counted(leaf: Leaf, cuts: Filters, bind: Binder, context: Context) -> tuple[list[str], list[str]]:
    """Return the conditions that a row `e` counts for the leaf, and the dates that they look at."""
    conditions, dates = _in_time(leaf, bind, context)
    conditions += restriction("e", (), (), cuts, bind)
    conditions += _condition(leaf.measure.where, leaf, bind, context)
    return conditions, dates


def _in_time(leaf: Leaf, bind: Binder, context: Context) -> tuple[list[str], list[str]]:
    """Return the conditions that put a row into the leaf's time, and the dates they look at."""
    measure, period = leaf.measure, leaf.period
    if isinstance(measure.source, Alive):
        source = measure.source
        first, last = _standing_days(measure, leaf)
        since, ends = f"e.{bind.quote(source.since)}", until(source, context, first, bind)
        conditions = [
            sound(source, bind),
            f"{since} <= {day(last, bind)}",
            f"({ends} IS NULL OR {ends} > {day(first, bind)})",
        ]
        return conditions, [source.since, source.until]
    assert isinstance(measure.source, Flow)
    when = f"e.{bind.quote(measure.source.when)}"
    conditions = [f"{when} >= {day(period.start, bind)}", f"{when} < {day(period.end, bind)}"]
    if not leaf.plan:
        conditions.append(f"{when} <= {day(leaf.today, bind)}")
    return conditions, [measure.source.when]


def _standing_days(measure: Measure, leaf: Leaf) -> tuple[date, date]:
    """Return the days between which a row is looked for: it ends after the first and begins up to the last."""
    before = leaf.period.start - timedelta(days=1)
    last = min(leaf.period.last, leaf.today)
    if measure.at is At.START:
        return before, before
    if measure.at is At.END:
        return last, last
    part = isinstance(measure.source, Alive) and measure.source.for_a_part and measure.at is At.DURING
    return before if part else leaf.period.start, last


def _condition(node: Node | None, leaf: Leaf, bind: Binder, context: Context) -> list[str]:
    return [] if node is None else [f"({seen(node, leaf, bind, context)})"]


def seen(node: Node, leaf: Leaf, bind: Binder, context: Context) -> str:
    """Return the SQL of a row expression over `e`, with the period as the leaf sees it."""
    as_of = leaf.today
    if isinstance(leaf.measure.source, Alive):
        _, as_of = _standing_days(leaf.measure, leaf)
    days = {"start": leaf.period.start, "end": leaf.period.end, "as_of": as_of}
    # a value that is bound but not used would be refused
    bounds = {name: day(days[name], bind) for space, name in sorted(names(node)) if space == "period"}
    return Row("e", bind, context.settings, bounds).sql(node)


def _grouped(leaf: Leaf, cuts: Filters, source: Grouped, bind: Binder, context: Context) -> _Parts:
    axis = BySpans(((leaf.period.start, leaf.end),))
    scan = Scan(source, (leaf.measure,), (), axis, cuts, (), None if leaf.plan else leaf.today)
    inner = groups_sql(scan, source, bind, context)
    states = ("at_start", "at_end") if isinstance(source.inner.source, Alive) else ("value",)
    conditions = _condition(leaf.measure.where, leaf, bind, context)
    renamed = f"SELECT key AS {bind.quote(source.key)}, {', '.join(states)} FROM ({inner}) AS g"
    return (source.key, *states), f"({renamed}) AS e", conditions, f"e.{bind.quote(source.key)}"
