"""Statements of per(...): group by key first, then aggregate the groups."""

from __future__ import annotations

from datetime import timedelta

from kpicore.engine.compile.measures import Flow, Grouped, Stock
from kpicore.engine.plan.scans import BySpans, Scan
from kpicore.engine.scan.fragments import Binder, Row, aggregates, day, restriction, state
from kpicore.engine.scan.pieces import ended, sound, spans
from kpicore.engine.scan.pieces import until as until_day
from kpicore.engine.scan.relations import ScanContext, rows_in_order, table


def grouped(scan: Scan, source: Grouped, bind: Binder, context: ScanContext) -> str:
    """Group by key first, then aggregate the groups."""
    inner = groups_sql(scan, source, bind, context)
    row = Row("g", bind, context.settings, computed=True)
    values = [
        aggregate for measure in scan.measures for aggregate in aggregates(measure, row, filtered=False, order=["g.t"])
    ]
    names = [f"g.d{at}" for at in range(len(scan.dimensions))]
    places = ", ".join(str(at + 1) for at in range(len(names) + 1))
    return f"SELECT {', '.join(['g.t', *names, *values])} FROM ({inner}) AS g GROUP BY {places}"


def groups_sql(scan: Scan, source: Grouped, bind: Binder, context: ScanContext) -> str:
    if not isinstance(scan.axis, BySpans):
        raise TypeError("groups are read over spans")
    row = Row("e", bind, context.settings, {"start": "r.s", "end": "r.e", "as_of": "r.a"})
    key = f"e.{bind.quote(source.key)}"
    names = [f"e.{bind.quote(dimension)} AS d{at}" for at, dimension in enumerate(scan.dimensions)]
    conditions = [f"{key} IS NOT NULL", *restriction("e", scan.dimensions, scan.only, scan.filters, bind)]
    measure = source.inner
    if measure.where:
        conditions.append(f"({row.sql(measure.where)})")
    times = spans(scan.axis.spans, bind, scan.last if isinstance(measure.source, Flow) else None)
    entity = table(measure.entity, context, bind)
    if isinstance(measure.source, Stock):
        conditions.append(sound(measure.source, bind))
        amount = f"sum({row.exact(measure.value)})" if measure.value else "count(*)"
        first, last = min(start for start, _ in scan.axis.spans), max(end for _, end in scan.axis.spans)
        since = f"e.{bind.quote(measure.source.since)}"
        until = until_day(measure.source, context, last - timedelta(days=1), bind)
        conditions += [f"{since} < {day(last, bind)}", f"{ended(until, bind)} >= {day(first, bind)}"]
        # ">=": the state at the start is that of the day before, on which who ends on the first day was still there
        at_start = f"{since} < r.s AND {ended(until, bind)} >= r.s"
        at_end = f"{since} < r.e AND {ended(until, bind)} >= r.e"
        values = [
            # who came since had nothing at the start: that is 0, and not unknown
            f"coalesce({amount} FILTER (WHERE {at_start}), 0) AS at_start",
            f"coalesce({amount} FILTER (WHERE {at_end}), 0) AS at_end",
        ]
        joined = f"{entity} JOIN {times} ON {since} < r.e AND {ended(until, bind)} >= r.s"
    elif isinstance(measure.source, Flow):
        when = f"e.{bind.quote(measure.source.when)}"
        order = rows_in_order(measure.entity, measure.source.when, context, bind)
        values = [f"{state(measure, row, order)} AS value"]
        joined = f"{entity} JOIN {times} ON {when} >= r.s AND {when} < r.e"
        if scan.last:
            conditions.append(f"{when} <= {day(scan.last, bind)}")
    else:
        raise TypeError("groups of groups")
    places = ", ".join(str(at + 1) for at in range(len(names) + 2))
    return (
        f"SELECT {', '.join(['r.k AS t', *names, f'{key} AS key', *values])} FROM {joined} "
        f"WHERE {' AND '.join(conditions)} GROUP BY {places}"
    )
