"""Companies for the recount: made by dice, then pushed to the edges where numbers go wrong."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from random import Random

from tests.catalogue.random_company import random_company

Given = dict[str, str | None]
"""A row as it is given: texts, None where a cell is empty."""
Rows = dict[str, list[Given]]

_WHOLE = ("stage", "target", "stage_history", "stage_task")
"""Entities with keys of several columns, or that tell an order: no cell of them is emptied."""


def edgy_company(seed: int, gaps: float) -> Rows:
    """Return the rows of a company: some cells empty, hours at the ends of days, deals reopened, orders returned."""
    chance = Random(seed)
    rows = {name: read(text) for name, text in random_company(seed).items()}
    for name, some in rows.items():
        for row in some if name not in _WHOLE else ():
            for column in list(row)[1:]:
                if chance.random() < gaps:
                    row[column] = None
    _reopened(chance, rows["opportunity"])
    _returned(chance, rows["order"])
    _priced(chance, rows["order_line"])
    _late(chance, rows)
    rows["target"] += _quotas()
    return rows


def read(table: str) -> list[Given]:
    """Return the rows of a text table."""
    header, *lines = [line.split() for line in table.strip().splitlines()]
    return [{name: None if cell == "-" else cell for name, cell in zip(header, line, strict=True)} for line in lines]


def written(rows: Rows) -> dict[str, str]:
    """Return rows as text tables."""
    return {name: _table(some) for name, some in rows.items()}


def _table(rows: list[Given]) -> str:
    header = list(dict.fromkeys(column for row in rows for column in row))
    lines = (" ".join(row.get(column) or "-" for column in header) for row in rows)
    return "\n".join([" ".join(header), *lines])


def _reopened(chance: Random, deals: Iterable[Given]) -> None:
    """Some deals are open again and keep the day on which they were closed; some were closed before they were made."""
    for deal in deals:
        if deal["closed_at"] and chance.random() < 0.1:
            deal["outcome"], deal["stage_id"] = "open", "s2"
        elif deal["closed_at"] and chance.random() < 0.05:
            deal["created_at"], deal["closed_at"] = deal["closed_at"], deal["created_at"]


def _returned(chance: Random, orders: list[Given]) -> None:
    """Some orders are taken back by another of the same customer, on the same day or on the last of the month."""
    for order in list(orders):
        if order["amount"] and chance.random() < 0.1:
            amount = order["amount"].removeprefix("-") if order["amount"][0] == "-" else f"-{order['amount']}"
            orders.append({**order, "id": f"{order['id']}r", "amount": amount})
        if chance.random() < 0.1:
            order["status"] = chance.choice(("refunded", "partly_refunded", "open"))


def _priced(chance: Random, lines: Iterable[Given]) -> None:
    for line in lines:
        line["quantity"] = chance.choice(("1", "2", "-1", None))


def _late(chance: Random, rows: Rows) -> None:
    """What happens half an hour before midnight in UTC is of the next day east of it."""
    for some in rows.values():
        for row in some:
            for column, cell in row.items():
                if cell and (column.endswith("_at") or column == "at") and chance.random() < 0.1:
                    row[column] = f"{cell}T{chance.choice(('23:30', '00:00', '06:15'))}"


def _quotas() -> list[Given]:
    starts = (("month", date(2025, 3, 1)), ("quarter", date(2025, 1, 1)), ("year", date(2024, 1, 1)))
    values = {"total_sales": 4000, "won_deals": 3, "new_customers": 2}
    return [
        {
            "id": f"q{grain}{kpi}{owner or ''}",
            "kpi_id": kpi,
            "period_grain": grain,
            "period_start": str(start),
            "value": str(value),
            "owner_id": owner,
        }
        for grain, start in starts
        for kpi, value in values.items()
        for owner in (None, "u1", "u2")
        if (grain, owner) != ("quarter", None)  # the made-up company has these
    ]
