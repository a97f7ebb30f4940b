"""The statement of a scan: our own tree in, SQL with bound values out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from kpicore.engine.compile.measures import Flow, Grouped, Stock
from kpicore.engine.plan.availability import is_plan
from kpicore.engine.plan.scans import ByGrain, ByMonths, BySpans, Scan
from kpicore.engine.scan.distinct_months import in_months
from kpicore.engine.scan.fragments import Binder, Row, aggregates, day, restriction
from kpicore.engine.scan.groups import grouped
from kpicore.engine.scan.masks import is_masked, masked
from kpicore.engine.scan.pieces import pushed, select, spans
from kpicore.engine.scan.relations import ScanContext, rows_in_order, table
from kpicore.engine.scan.stock import standing
from kpicore.warehouse import CALENDAR


@dataclass(frozen=True, slots=True)
class BoundStatement:
    """SQL with numbered placeholders, and their values."""

    sql: str
    values: tuple[object, ...]


def statement(scan: Scan, context: ScanContext) -> BoundStatement:
    """Return the statement that reads a scan."""
    bind = Binder(context.warehouse)
    match scan.source:
        case Flow():
            sql = _flow(scan, scan.source, bind, context)
        case Stock():
            sql = standing(scan, scan.source, bind, context)
        case Grouped():
            sql = grouped(scan, scan.source, bind, context)
    return BoundStatement(sql, tuple(bind.values))


def _flow(scan: Scan, source: Flow, bind: Binder, context: ScanContext) -> str:
    when = f"e.{bind.quote(source.when)}"
    row = Row("e", bind, context.settings, {"start": "r.s", "end": "r.e", "as_of": "r.a"})
    joined, key, conditions = _time(scan, when, bind, context)
    conditions += restriction("e", scan.dimensions, scan.only, scan.filters, bind)
    rows = f"{table(source.entity, context, bind)} {joined}"
    # masked each condition is tested once a row, and not again for each column of each measure
    if is_masked(scan.measures):
        return masked(scan, key, rows, conditions, row)
    shared = pushed(scan.measures, row)
    conditions += shared
    if isinstance(scan.axis, ByMonths):
        return in_months(scan, scan.axis, key, rows, conditions, row)
    order = rows_in_order(source.entity, source.when, context, bind)
    values = [
        aggregate
        for measure in scan.measures
        for aggregate in aggregates(measure, row, filtered=bool(shared), order=order)
    ]
    return select(scan, key, values, rows, conditions, bind)


def _time(scan: Scan, when: str, bind: Binder, context: ScanContext) -> tuple[str, str, list[str]]:
    """Return the join that brings time, the SQL of its key, and the conditions that go with it."""
    axis = scan.axis
    conditions: list[str] = []
    if isinstance(axis, ByGrain | ByMonths):
        join, key = f"JOIN {bind.relation(CALENDAR)} AS c ON c.date = {when}", f"c.{bind.quote(axis.grain.value)}"
        start, end = axis.span
        # The days say the same, but not to DuckDB: it groups in an array where it knows how few ids there are.
        conditions.append(f"{key} BETWEEN {bind(axis.first)} AND {bind(axis.last)}")
    elif isinstance(axis, BySpans):
        times = spans(axis.spans, bind, scan.last or context.today)
        join, key = f"JOIN {times} ON {when} >= r.s AND {when} < r.e", "r.k"
        start, end = min(s for s, _ in axis.spans), max(e for _, e in axis.spans)
    else:
        raise TypeError("a flow has no instants")
    # what a plan dates lies ahead by nature: of it the last day is the one that it is seen from
    end = min(end, scan.last + timedelta(days=1)) if scan.last and not _is_planned(scan, context) else end
    return join, key, [f"{when} >= {day(start, bind)}", f"{when} < {day(end, bind)}", *conditions]


def _is_planned(scan: Scan, context: ScanContext) -> bool:
    return any(is_plan(measure, context.registry) for measure in scan.measures[:1])
