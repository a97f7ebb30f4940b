"""Different values in months, quarters and years at once.

What differs cannot be added up, so each length of time would need a scan that remembers every value.
Here a value is remembered once a year, with the months in which it was seen: twelve bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kpicore.engine.plan.cubes import Cube
from kpicore.engine.plan.planner import ScanPlan
from kpicore.engine.plan.scans import ByMonths, Scan
from kpicore.engine.scan.fragments import Row


def in_months(scan: Scan, axis: ByMonths, key: str, rows: str, conditions: Sequence[str], row: Row) -> str:
    """Return the statement of a scan over `rows` whose months are `key`.

    A row of the result is a year and the dimensions' values; then the numbers of different values, in
    the order of `_bits`; then, as three lists, the months that have rows, their rows and those without
    a value.
    """
    (measure,) = scan.measures
    assert measure.value is not None
    names = [f"d{at}" for at in range(len(scan.dimensions))]
    members = [
        f"e.{row.bind.quote(dimension)} AS {name}" for dimension, name in zip(scan.dimensions, names, strict=True)
    ]
    value, where = row.sql(measure.value), " AND ".join(conditions)
    month = _select(
        [f"{key} AS t", *members, f"count({value}) AS n", f"count(*) - count({value}) AS empty"],
        f"{rows} WHERE {where}",
        len(names) + 1,
    )
    rows_of = _select(
        # the id of a month is year * 12 + month - 1, so that this is its year
        ["t // 12 AS y", *names, "list(t) AS months", "list(n) AS ns", "list(empty) AS empties"],
        f"({month}) AS m",
        len(names) + 1,
    )
    seen = _select(
        # January to March are bits 0 to 2, 0b111: whoever was seen in any of them counts once in the first quarter
        # USMALLINT has 16 bits, of which these are 12
        [f"{key} // 12 AS y", *members, f"{value} AS v", f"bit_or(CAST(1 << ({key} % 12) AS USMALLINT)) AS seen"],
        f"{rows} WHERE {where} AND {value} IS NOT NULL",
        len(names) + 2,
    )
    counts = ", ".join(f"count(*) FILTER (WHERE seen & {bits} > 0)" for bits in _bits(axis))
    values_of = _select(["y", *names, f"[{counts}] AS counts"], f"({seen}) AS s", len(names) + 1)
    # the rows first: a month may have rows of which none has a value, and their count is told
    # an empty member is a group of its own, which "=" would not find
    same = " AND ".join(["r.y = v.y", *(f"r.{name} IS NOT DISTINCT FROM v.{name}" for name in names)])
    shown = ", ".join(["r.y", *(f"r.{name}" for name in names), "v.counts", "months", "ns", "empties"])
    return f"SELECT {shown} FROM ({rows_of}) AS r LEFT JOIN ({values_of}) AS v ON {same}"


def put_months(plan: ScanPlan, axis: ByMonths, rows: Iterable[tuple[Any, ...]], cubes: Sequence[Cube]) -> None:
    """Put the rows of such a statement into the cubes, one a length."""
    width = len(plan.scan.dimensions) + 1
    covered = [frozenset(time) for time in plan.times]
    for row in rows:
        year, members, (counts, *by_month) = row[0], row[1:width], row[width:]
        place = 0
        for length, times, cube in zip(axis.lengths, covered, cubes, strict=True):
            units = 12 // length
            # no counts: in the whole year no row has a value
            values = counts[place : place + units] if counts else [0] * units
            place += units
            # a cell is put once and never changed, so that units no scan has read as a whole must stay out
            cells = [
                # units are counted on from year to year: quarter 8106 is the third of 2026, 8106 - 2026 * 4 = 2
                (unit, (values[unit - year * units], n, empty, 0))
                for unit, n, empty in _summed(zip(*by_month, strict=True), length)
                if unit in times
            ]
            cube.add(members, cells)


def _summed(months: Iterable[tuple[int, int, int]], length: int) -> Iterator[tuple[int, int, int]]:
    """Yield each unit of so many months that has rows, with their sums."""
    sums: dict[int, tuple[int, int]] = {}
    for month, n, empty in months:
        before = sums.get(month // length, (0, 0))
        sums[month // length] = before[0] + n, before[1] + empty
    for unit, (n, empty) in sums.items():
        yield unit, n, empty


def _bits(axis: ByMonths) -> Iterator[int]:
    """Yield the bits of the months of each unit of a year: for each length, from the first unit to the last."""
    for length in axis.lengths:
        for unit in range(12 // length):
            # quarters: 0b111, 0b111000, 0b111000000, 0b111000000000
            yield (2**length - 1) << (unit * length)


def _select(shown: Sequence[str], rows: str, groups: int) -> str:
    return f"SELECT {', '.join(shown)} FROM {rows} GROUP BY {', '.join(str(at + 1) for at in range(groups))}"
