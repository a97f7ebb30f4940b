"""Answers cells through boring-semantic-layer; runs in its own environment and knows nothing of kpicore.

Reads cells (KPI, first day, day after the last, dimension, member) as JSON from stdin and the rows
from the folder of Parquet files that the argument names; prints seconds and values as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import date
from pathlib import Path

import ibis
from boring_semantic_layer import to_semantic_table


def main() -> None:
    """Answer each cell by one query, as a spreadsheet function without a batch would."""
    folder = Path(sys.argv[1])
    connection = ibis.duckdb.connect(str(folder / "peer.duckdb"))
    for entity in ("opportunity", "order"):
        if entity not in connection.list_tables():
            connection.create_table(entity, connection.read_parquet(folder / f"{entity}.parquet"))
    deals = to_semantic_table(connection.table("opportunity"), name="deals").with_measures(
        won_deals=lambda t: (t.outcome == "won").sum(),
        total_sales=lambda t: t.amount.sum(where=t.outcome == "won"),
        lost_deals=lambda t: (t.outcome == "lost").sum(),
        lost_amount=lambda t: t.amount.sum(where=t.outcome == "lost"),
        opportunities_created=lambda t: t.count(),
    )
    orders = to_semantic_table(connection.table("order"), name="orders").with_measures(
        revenue=lambda t: t.amount.sum(where=t.status != "cancelled")
    )
    cells = [(kpi, date.fromisoformat(a), date.fromisoformat(b), d, m) for kpi, a, b, d, m in json.load(sys.stdin)]

    def answer(kpi: str, start: date, end: date, dimension: str, member: str) -> float:
        table = orders if kpi == "revenue" else deals
        day = {"revenue": "ordered_on", "opportunities_created": "created_on"}.get(kpi, "closed_on")
        kept = table.filter(lambda t: (t[day] >= start) & (t[day] < end) & (t[dimension] == member))
        value = kept.aggregate(kpi).execute().iloc[0, 0]
        return float(value) if value == value and value is not None else 0.0

    answer(*cells[0])  # the first one imports what the others need
    started = time.perf_counter()
    values = [answer(*cell) for cell in cells]
    print(json.dumps({"seconds": time.perf_counter() - started, "values": values}))


if __name__ == "__main__":
    main()
