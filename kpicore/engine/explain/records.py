"""Lists of rows: the records behind an input, and any other list of one entity's rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kpicore.engine.compile.measures import Flow, Grouped, Measure, Stock
from kpicore.engine.plan.requests import InputRequest
from kpicore.engine.plan.scans import BySpans, Filters, Scan
from kpicore.engine.scan.fragments import Binder, Row, day, restriction
from kpicore.engine.scan.groups import groups_sql
from kpicore.engine.scan.pieces import sound, until
from kpicore.engine.scan.relations import ScanContext, table
from kpicore.engine.scan.values import typed
from kpicore.language import Node, names
from kpicore.model.inputs import At
from kpicore.model.schema import Type
from kpicore.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class Records:
    """Rows of an entity. `total` is how many there are, of which `rows` holds the first."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    total: int


def listing(request: InputRequest, cuts: Filters, warehouse: Warehouse, context: ScanContext, limit: int) -> Records:
    """Return the records that a request counts: key, name, dates, value and the fields of its condition."""
    bind = Binder(warehouse)
    if isinstance(request.measure.source, Grouped):
        columns, rows, conditions, order = _grouped(request, cuts, request.measure.source, bind, context)
    else:
        columns, rows, conditions, order = _plain(request, cuts, bind, context)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    total = warehouse.query(f"SELECT count(*) FROM {rows}{where}", bind.values)[0][0]
    shown = ", ".join(f"e.{bind.quote(column)}" for column in columns)
    sql = f"SELECT {shown} FROM {rows}{where} ORDER BY {order} LIMIT {int(limit)}"
    states = dict.fromkeys(columns, Type.NUMBER) if isinstance(request.measure.source, Grouped) else {}
    known = {**context.registry.columns(request.measure.entity), **states}
    types = [known[column] for column in columns]
    return Records(columns, typed(warehouse.query(sql, bind.values), types), int(total))


_Parts = tuple[tuple[str, ...], str, list[str], str]


def _plain(request: InputRequest, cuts: Filters, bind: Binder, context: ScanContext) -> _Parts:
    measure = request.measure
    entity = context.registry.entity(measure.entity)
    conditions, dates = counted(request, cuts, bind, context)
    known = [name for name in (*entity.key, entity.label) if entity.field(name)]
    used = [name for node in (measure.value, measure.where) if node for space, name in sorted(names(node)) if not space]
    columns = tuple(dict.fromkeys([*known, *dates, *used, *(name for name, _ in cuts)]))
    order = ", ".join(f"e.{bind.quote(name)} DESC NULLS LAST" for name in dates)
    # the key last, so that rows of one day stand in the same order every time
    keys = "".join(f", e.{bind.quote(name)}" for name in known)
    return columns, table(measure.entity, context, bind), conditions, order + keys


def counted(request: InputRequest, cuts: Filters, bind: Binder, context: ScanContext) -> tuple[list[str], list[str]]:
    """Return the conditions that a row `e` counts for the request, and the dates that they look at."""
    conditions, dates = _in_time(request, bind, context)
    conditions += restriction("e", (), (), cuts, bind)
    conditions += _condition(request.measure.where, request, bind, context)
    return conditions, dates


def _in_time(request: InputRequest, bind: Binder, context: ScanContext) -> tuple[list[str], list[str]]:
    """Return the conditions that put a row into the request's time, and the dates they look at."""
    measure, period = request.measure, request.period
    if isinstance(measure.source, Stock):
        source = measure.source
        first, last = _standing_days(measure, request)
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
    if not request.is_plan:
        conditions.append(f"{when} <= {day(request.today, bind)}")
    return conditions, [measure.source.when]


def _standing_days(measure: Measure, request: InputRequest) -> tuple[date, date]:
    """Return the days between which a row is looked for: it ends after the first and begins up to the last."""
    before = request.period.start - timedelta(days=1)
    last = min(request.period.last, request.today)
    if measure.at is At.START:
        return before, before
    if measure.at is At.END:
        return last, last
    # who ends at a moment of the first day was there on it, who ends on a bare date was not
    part = isinstance(measure.source, Stock) and measure.source.for_a_part and measure.at is At.DURING
    return before if part else request.period.start, last


def _condition(node: Node | None, request: InputRequest, bind: Binder, context: ScanContext) -> list[str]:
    return [] if node is None else [f"({seen(node, request, bind, context)})"]


def seen(node: Node, request: InputRequest, bind: Binder, context: ScanContext) -> str:
    """Return the SQL of a row expression over `e`, with the period as the request sees it."""
    as_of = request.today
    if isinstance(request.measure.source, Stock):
        _, as_of = _standing_days(request.measure, request)
    days = {"start": request.period.start, "end": request.period.end, "as_of": as_of}
    # a value that is bound but not used would be refused
    bounds = {name: day(days[name], bind) for space, name in sorted(names(node)) if space == "period"}
    return Row("e", bind, context.settings, bounds).sql(node)


def _grouped(request: InputRequest, cuts: Filters, source: Grouped, bind: Binder, context: ScanContext) -> _Parts:
    axis = BySpans(((request.period.start, request.end),))
    scan = Scan(source, (request.measure,), (), axis, cuts, (), None if request.is_plan else request.today)
    inner = groups_sql(scan, source, bind, context)
    states = ("at_start", "at_end") if isinstance(source.inner.source, Stock) else ("value",)
    conditions = _condition(request.measure.where, request, bind, context)
    key = "key" if source.key in states else source.key
    renamed = f"SELECT key AS {bind.quote(key)}, {', '.join(states)} FROM ({inner}) AS g"
    return (key, *states), f"({renamed}) AS e", conditions, f"e.{bind.quote(key)}"
