"""A shop whose books are 20 days behind, and what each number of it comes to by hand.

Orders, of 28 June 2025:                         Costs, of 8 June 2025:
    o1  c1  5 May    100                             k1  4 May    60
    o2  c2  8 May    150                             k2  25 May   90
    o3  c3  20 May   250                             k3  2 June   80
    o4  c4  3 June   200                             k4  7 June   40
    o5  c5  8 June   300
    o6  c6  25 June  400

Revenue of June to date (28 days): 200 + 300 + 400 = 900, before (1 to 28 May): 500.
Acquisition cost of June to date (8 days): 80 + 40 = 120, before (1 to 8 May): 60.
CAC of June to date (8 days): 120 by c4 and c5, 60; before (1 to 8 May): 60 by c1 and c2, 30. Not 120 by three: 40.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from kpicore import Workspace, open_workspace
from kpicore.testing import TinySource, batch

ORDERS = """
    id customer_id ordered_at amount status channel
    o1 c1 2025-05-05 100 completed email
    o2 c2 2025-05-08 150 completed phone
    o3 c3 2025-05-20 250 completed email
    o4 c4 2025-06-03 200 completed email
    o5 c5 2025-06-08 300 completed phone
    o6 c6 2025-06-25 400 completed email
"""
COSTS = """
    id booked_on amount category channel
    k1 2025-05-04 60 marketing email
    k2 2025-05-25 90 marketing phone
    k3 2025-06-02 80 marketing email
    k4 2025-06-07 40 marketing phone
"""
TOML = """
[workspace]
name = "Shop"
currency = "EUR"

[settings]
cac_lag_months = 1

[[source]]
name = "web"
kind = "files"
path = "unused.csv"
allowed_lag = "2 days"

[[source]]
name = "books"
kind = "files"
path = "unused.csv"
allowed_lag = "3 days"

[[target]]
kpi = "revenue"
period = "2025-06"
value = 1000

[[target]]
kpi = "acquisition_cost"
period = "2025-06"
value = 100
"""


def at(day: str) -> datetime:
    """Return noon of a day in UTC."""
    return datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC)


def take(opened: Workspace, name: str, day: str, tables: Mapping[str, str]) -> None:
    """Load rows of a source as they are on a day."""
    rows = tuple(batch(opened.registry, entity, text) for entity, text in tables.items())
    report = opened.load([TinySource(name, rows)], data_time=at(day))
    assert not report.errors, report.errors


def opened_shop(folder: Path, toml: str = TOML) -> Workspace:
    """Return the shop, opened."""
    (folder / "kpi.toml").write_text(toml, encoding="utf-8")
    opened = open_workspace(folder)
    take(opened, "books", "2025-06-08", {"cost": COSTS})
    take(opened, "web", "2025-06-28", {"order": ORDERS})
    return opened
