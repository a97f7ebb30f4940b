"""The same numbers as an analyst's script gives them: DuckDB alone, one grouped statement a table and dimension.

Its functions run in fresh processes, as ours do, so that both sides are measured in the same run.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

    from benchmarks.questions import Asked

_WON, _LOST = "FILTER (WHERE outcome = 'won')", "FILTER (WHERE outcome = 'lost')"
MEASURES: Mapping[tuple[str, str], Mapping[str, str]] = MappingProxyType(
    {
        ("opportunity", "closed_on"): {
            "won_deals": f"count(*) {_WON}",
            "lost_deals": f"count(*) {_LOST}",
            "total_sales": f"coalesce(sum(amount) {_WON}, 0)",
            "lost_amount": f"coalesce(sum(amount) {_LOST}, 0)",
            "win_rate": f"count(*) {_WON} / count(*) FILTER (WHERE outcome IN ('won', 'lost'))",
            "avg_deal_size": f"sum(amount) {_WON} / count(*) {_WON}",
            "sales_cycle.median": f"median(date_diff('day', first_contact_on, closed_on)) {_WON}",
            "avg_sales_per_customer": f"sum(amount) {_WON} / count(DISTINCT customer_id) {_WON}",
        },
        ("opportunity", "created_on"): {"opportunities_created": "count(*)"},
        ("order", "ordered_on"): {"revenue": "coalesce(sum(amount) FILTER (WHERE status = 'completed'), 0)"},
    }
)
"""What the KPIs of the cells are, by table and date."""


def one_answer(folder: str) -> dict[str, Any]:
    """Return the win rate of the quarter before the day of the data."""
    with _opened(folder) as connection:
        closed = MEASURES["opportunity", "closed_on"]
        ((value,),) = connection.execute(
            f"SELECT {closed['win_rate']} FROM kpi.opportunity WHERE closed_on >= DATE '2026-04-01'"
            " AND closed_on < DATE '2026-07-01'"
        ).fetchall()
    return {"value": value}


def cells(folder: str, kind: str) -> dict[str, Any]:
    """Return the values of the cells of a kind, and the seconds from the first import to the last value."""
    from benchmarks import questions

    started = time.perf_counter()
    with _opened(folder) as connection:
        opened = time.perf_counter()
        reps = [name for (name,) in connection.execute("SELECT DISTINCT rep FROM kpi.opportunity").fetchall() if name]
        chosen = questions.chosen(kind, reps)
        listed = time.perf_counter()
        values = values_of(connection, chosen)
        done = time.perf_counter()
    return {"whole": done - started - (listed - opened), "answering": done - listed, "values": values}


def values_of(connection: duckdb.DuckDBPyConnection, chosen: Iterable[Asked]) -> list[float | None]:
    """Return the value of each cell: what is asked of the same table, date, dimension and grain in one statement."""
    wanted = [(kpi, _grain(period), period, dimension, member) for kpi, period, dimension, member in chosen]
    values: dict[tuple[str, str, str, str, str], float | None] = {}
    for (table, day), measures in MEASURES.items():
        ways = {(grain, dimension) for kpi, grain, _, dimension, _ in wanted if kpi in measures}
        for grain, dimension in ways:
            kpis = sorted({kpi for kpi, *way in wanted if kpi in measures and (way[0], way[2]) == (grain, dimension)})
            columns = ", ".join(measures[kpi] for kpi in kpis)
            rows = connection.execute(
                f'SELECT {_KEYS[grain].format(day=day)}, {dimension}, {columns} FROM kpi."{table}"'
                f" WHERE {day} >= DATE '2021-01-01' AND {day} < DATE '2026-01-01' GROUP BY ALL"
            ).fetchall()
            for period, member, *numbers in rows:
                for kpi, number in zip(kpis, numbers, strict=True):
                    values[kpi, grain, period, dimension, member] = None if number is None else float(number)
    return [values.get(cell, 0.0 if cell[0] in _ZERO_OVER_NONE else None) for cell in wanted]


def counts(folder: str, tables: Iterable[tuple[str, str, str]], first: str, last: str) -> dict[str, Any]:
    """Count the rows between two days for each of `tables`: its name, its date, and what it is grouped by.

    It is the least that a number of each variant costs without us.
    """
    started = time.perf_counter()
    numbers = 0
    with _opened(folder) as connection:
        for table, day, key in tables:
            rows = f'SELECT {key}, count(*) FROM kpi."{table}"'
            between = f"\"{day}\" >= DATE '{first}' AND \"{day}\" <= DATE '{last}'"
            numbers += len(connection.execute(f"{rows} WHERE {between} GROUP BY ALL").fetchall())
    return {"seconds": time.perf_counter() - started, "numbers": numbers}


_KEYS = {
    "month": "strftime({day}, '%Y-%m')",
    "quarter": "strftime({day}, '%Y-Q') || quarter({day})",
    "year": "strftime({day}, '%Y')",
}
_ZERO_OVER_NONE = frozenset(
    {"won_deals", "lost_deals", "total_sales", "lost_amount", "opportunities_created", "revenue"}
)


def _grain(period: str) -> str:
    return "quarter" if "Q" in period else "month" if "-" in period else "year"


def _opened(folder: str) -> duckdb.DuckDBPyConnection:
    import duckdb

    return duckdb.connect(str(Path(folder) / "warehouse.duckdb"), read_only=True)  # nothing of kpicore is imported
