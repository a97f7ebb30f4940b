"""Statements of standing inputs: rows alive at given days, or on average over given spans."""

from __future__ import annotations

from datetime import timedelta

from kpicore.engine.compile.measures import Stock
from kpicore.engine.plan.scans import FEW, ByInstants, BySpans, Scan
from kpicore.engine.scan.fragments import Binder, Row, aggregates, day, restriction, stood_on, whole
from kpicore.engine.scan.pieces import end, ended, pushed, select, sound, spans
from kpicore.engine.scan.pieces import until as until_day
from kpicore.engine.scan.relations import ScanContext, table
from kpicore.language.dialect import kept
from kpicore.warehouse import CALENDAR


def standing(scan: Scan, source: Stock, bind: Binder, context: ScanContext) -> str:
    if isinstance(scan.axis, ByInstants):
        if counts_changes(scan):
            # rows x days grows with the product, starts and ends with the sum of both
            return _starts_and_ends(scan, source, scan.axis, bind, context)
        return _instants(scan, source, scan.axis, bind, context)
    if isinstance(scan.axis, BySpans):
        return _mean(scan, source, scan.axis, bind, context)
    raise TypeError("a standing input is read at instants or over spans")


def _instants(scan: Scan, source: Stock, axis: ByInstants, bind: Binder, context: ScanContext) -> str:
    since, until = f"e.{bind.quote(source.since)}", end(source, context, axis.days[-1], bind)
    rows = [(str(at), day(day_seen, bind)) for at, day_seen in enumerate(axis.days)]
    next_day = bind.dialect.plus_days("r.d", 1)
    row = Row("e", bind, context.settings, {"start": "r.d", "end": next_day, "as_of": "r.d"})
    conditions = [sound(source, bind), *restriction("e", scan.dimensions, scan.only, scan.filters, bind)]
    shared = pushed(scan.measures, row)
    values = [
        aggregate
        for measure in scan.measures
        for aggregate in aggregates(measure, row, filtered=bool(shared), order=[since])
    ]
    joined = (
        f"{table(source.entity, context, bind)} JOIN {bind.dialect.rows(rows, 'r', ('k', 'd'))} "
        f"ON {since} <= r.d AND {ended(until, bind)} > r.d"
    )
    # says no more than the join does, but lets the warehouse pass over rows without comparing them with each day
    between = [f"{since} <= {day(axis.days[-1], bind)}", f"{ended(until, bind)} > {day(axis.days[0], bind)}"]
    return select(scan, "r.k", values, joined, [*conditions, *between, *shared], bind)


def counts_changes(scan: Scan) -> bool:
    """Whether the rows of the scan are changes, to be summed up over the instants in order."""
    return (
        isinstance(scan.source, Stock)
        and isinstance(scan.axis, ByInstants)
        and len(scan.axis.days) > FEW
        and not any(measure.uses_period for measure in scan.measures)
    )


def _starts_and_ends(scan: Scan, source: Stock, axis: ByInstants, bind: Binder, context: ScanContext) -> str:
    """Read what starts and, negated, what ends between one instant and the next."""
    days = bind.dialect.rows([(day(day_seen, bind),) for day_seen in axis.days], "i", ("d",))
    first = day(axis.days[0], bind)
    # k is how many instants lie before a day: the place of the first one at whose close it has come
    between = (
        f"(SELECT c.date, count(i.d) AS k FROM {bind.relation(CALENDAR)} AS c "
        f"LEFT JOIN {days} ON i.d < c.date GROUP BY 1) AS r"
    )
    parts: list[str] = []
    for sign, when in (("", f"e.{bind.quote(source.since)}"), ("-", end(source, context, axis.days[-1], bind))):
        row = Row("e", bind, context.settings)
        shared = pushed(scan.measures, row)
        # greatest() below passes over null, so that an open end would be one before the first instant
        # a row that ended before it began would be taken away from the others in between: it is not sound
        conditions = [f"{when} IS NOT NULL", sound(source, bind), *shared]
        conditions += restriction("e", scan.dimensions, scan.only, scan.filters, bind)
        values = [
            f"{sign}{aggregate}"
            for measure in scan.measures
            for aggregate in aggregates(measure, row, filtered=bool(shared), order=[when])
        ]
        # what was before the first instant may lie before the calendar
        rows = table(source.entity, context, bind)
        joined = f"{rows} JOIN {between} ON r.date = greatest({when}, {first})"
        parts.append(select(scan, "r.k", values, joined, conditions, bind))
    return " UNION ALL ".join(parts)


def _mean(scan: Scan, source: Stock, axis: BySpans, bind: Binder, context: ScanContext) -> str:
    """Sum value x days alive over each span; whoever asks divides by the days."""
    # as the last day of all spans sees ends: of rows that are over by the day of the data no later day counts
    last = max(end for _, end in axis.spans) - timedelta(days=1)
    since, until = f"e.{bind.quote(source.since)}", f"({until_day(source, context, last, bind)})"
    row = Row("e", bind, context.settings, {"start": "r.s", "end": "r.e", "as_of": "r.a"})
    days = bind.dialect.span(f"greatest({since}, r.s)", f"least(coalesce({until}, r.e), r.e)")
    joined = (
        f"{table(source.entity, context, bind)} JOIN {spans(axis.spans, bind)} "
        f"ON {since} < r.e AND {ended(until, bind)} > r.s"
    )
    conditions = [sound(source, bind), *restriction("e", scan.dimensions, scan.only, scan.filters, bind)]
    values: list[str] = []
    for measure in scan.measures:
        value = row.exact(measure.value) if measure.value else "1"
        keep = kept(row.sql(measure.where) if measure.where else "")
        values.append(whole(f"sum({value} * {days}){keep}", measure, row))
        values += stood_on(measure, row, filtered=False) if measure.value else [f"count(*){keep}", "0", "0"]
    return select(scan, "r.k", values, joined, conditions, bind)
