"""Several conditions in one scan: rows are grouped by which of them hold, and summed up outside.

Ten million rows are grouped once by a small number instead of being tested again for each measure;
what is summed up outside is a few thousand groups.
"""

from __future__ import annotations

from collections.abc import Sequence

from kpicore.engine.compile.measures import Measure
from kpicore.engine.plan.scans import Scan
from kpicore.engine.scan.fragments import Row, whole
from kpicore.language import Node, text
from kpicore.language.dialect import kept
from kpicore.model.schema import Type

_ADDS_UP = ("count", "total", "average")
_NUMBERS = (Type.MONEY, Type.NUMBER, Type.INTEGER)


def is_masked(measures: Sequence[Measure]) -> bool:
    """Whether the measures differ in their conditions and all add up."""
    conditions = {text(measure.where) if measure.where is not None else "" for measure in measures}
    return len(conditions) > 1 and all(measure.word in _ADDS_UP for measure in measures)


def masked(scan: Scan, key: str, rows: str, conditions: Sequence[str], row: Row) -> str:
    """Return the statement of a scan over `rows`, grouped by time, dimensions and mask, then without the mask."""
    wheres = _distinct([measure.where for measure in scan.measures])
    values = _distinct([measure.value for measure in scan.measures])
    names = [f"e.{row.bind.quote(dimension)} AS d{at}" for at, dimension in enumerate(scan.dimensions)]
    # a bit each, summed up: two groups of rows with the same mask meet the same conditions
    # a row that meets the first and the third has 1 + 4 = 0b101; a condition that is null is not met
    # DuckDB has room for 127 of them: 1 << 127 is no HUGEINT any more, and it refuses to look for a bit of that
    bits = [f"CASE WHEN {row.sql(node)} THEN {1 << at} ELSE 0 END" for at, node in enumerate(wheres.values())]
    sums = [f"{total} AS {name}{at}" for at, node in enumerate(values.values()) for name, total in _sums(node, row)]
    shown = [f"{key} AS t", *names, f"{' + '.join(bits)} AS m", "count(*) AS n", *sums]
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    inner = f"SELECT {', '.join(shown)} FROM {rows}{where} GROUP BY {_places(len(names) + 2)}"
    outer = [column for measure in scan.measures for column in _folded(measure, list(wheres), list(values), row)]
    members = [f"d{at}" for at in range(len(names))]
    return f"SELECT {', '.join(['t', *members, *outer])} FROM ({inner}) AS g GROUP BY {_places(len(names) + 1)}"


def _distinct(nodes: Sequence[Node | None]) -> dict[str, Node]:
    return {text(node): node for node in nodes if node is not None}


def _sums(node: Node, row: Row) -> list[tuple[str, str]]:
    zero = f"count(*) FILTER (WHERE {row.sql(node)} = 0)" if node.type in _NUMBERS else "0"
    # s: the sum of a value; c: the rows that have it; z: those where it is 0; n, beside them, all rows of the group
    return [("s", f"sum({row.exact(node)})"), ("c", f"count({row.sql(node)})"), ("z", zero)]


def _folded(measure: Measure, wheres: list[str], values: list[str], row: Row) -> list[str]:
    """Return the columns of a measure: the sums of the groups whose mask has its bit."""
    dialect, keep = row.bind.dialect, ""
    if measure.where is not None:
        keep = kept(dialect.has_bit("m", 1 << wheres.index(text(measure.where))))
    # sums of counts are of a wider type, and null over no groups: where no row counts, the count is 0
    number = dialect.type_of(Type.INTEGER)
    if measure.value is None:
        return [f"CAST(coalesce(sum(n){keep}, 0) AS {number})"]
    at = values.index(text(measure.value))
    counts = (f"c{at}", f"n - c{at}", f"z{at}")
    return [
        whole(f"sum(s{at}){keep}", measure, row),
        *(f"CAST(coalesce(sum({count}){keep}, 0) AS {number})" for count in counts),
    ]


def _places(count: int) -> str:
    return ", ".join(str(at + 1) for at in range(count))
