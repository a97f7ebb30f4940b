"""Parts that the statements of flows, standing inputs and groups share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kpicore.engine.compile.measures import Measure, Stock
from kpicore.engine.plan.scans import Scan, Span
from kpicore.engine.scan.fragments import Binder, Row, day
from kpicore.engine.scan.relations import ScanContext
from kpicore.language import text


def spans(spans: Sequence[Span], bind: Binder, last: date | None = None) -> str:
    """Return the given ranges as a table r(k, s, e, a).

    `a` is the day that the answer is as of: `last`, else the last day of the range.
    """
    rows = [(str(at), day(s, bind), day(e, bind)) for at, (s, e) in enumerate(spans)]
    as_of = day(last, bind) if last else bind.dialect.plus_days("e", -1)
    return f"(SELECT k, s, e, {as_of} AS a FROM {bind.dialect.rows(rows, 'v', ('k', 's', 'e'))}) AS r"


def pushed(measures: Sequence[Measure], row: Row) -> list[str]:
    """Return the condition of a statement whose measures all have the same one, else nothing.

    Several conditions joined by "or" cost more than they leave out.
    """
    nodes = {"" if measure.where is None else text(measure.where): measure.where for measure in measures}
    node = next(iter(nodes.values())) if len(nodes) == 1 else None
    return [] if node is None else [f"({row.sql(node)})"]


def select(scan: Scan, key: str, values: Sequence[str], table: str, conditions: Sequence[str], bind: Binder) -> str:
    names = [f"e.{bind.quote(dimension)}" for dimension in scan.dimensions]
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    groups = ", ".join(str(at + 1) for at in range(len(names) + 1))
    return f"SELECT {', '.join([key, *names, *values])} FROM {table}{where} GROUP BY {groups}"


def sound(source: Stock, bind: Binder) -> str:
    """Return the condition that a row is there at all: its end lies behind its beginning, or is open."""
    since, until = f"e.{bind.quote(source.since)}", f"e.{bind.quote(source.until)}"
    return f"({until} IS NULL OR {until} {'>=' if source.for_a_part else '>'} {since})"


def until(source: Stock, context: ScanContext, last: date, bind: Binder) -> str:
    """Return the SQL of the day on which a row ends, as the days up to `last` see it; null where its end is open."""
    ends, over_by = f"e.{bind.quote(source.until)}", context.over_by
    if not source.tells_over or over_by is None or last < over_by:
        return ends
    # a row that says it is over is so today, whatever later day somebody has given as its end
    today = f"DATE '{over_by.isoformat()}'"
    return f"CASE WHEN {ends} > {today} THEN {today} ELSE {ends} END"


def end(source: Stock, context: ScanContext, last: date, bind: Binder) -> str:
    """Return the SQL of the first day on which a row is not looked for any more; null where its end is open."""
    ends = until(source, context, last, bind)
    # passing 1, ends 3 May: on 2 May it is there, but not the day after, so that it is looked for up to 1 May
    return bind.dialect.plus_days(ends, -source.passing) if source.passing else ends


def ended(until: str, bind: Binder) -> str:
    """Return the SQL of an end that lies behind every day where it is open.

    "until IS NULL OR until > day" says the same, but DuckDB would compare each row with each day.
    """
    return f"coalesce({until}, {bind.dialect.far_future()})"
