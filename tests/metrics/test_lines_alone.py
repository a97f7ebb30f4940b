"""A file of invoice lines is enough: orders, customers and their values come from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpicore import Config, note_texts, open_workspace
from kpicore.load import load
from kpicore.registry import Contributions, build_registry
from kpicore.testing.company import DATA_TIME, TinySource, batch

LINES = """
    id order_id product_id quantity unit_price customer_id ordered_at       status
    1  A        mug        6        2.5        c1          2025-01-10T08:26 completed
    2  A        plate      1        5          c1          2025-01-10T08:26 completed
    3  B        mug        2        2.5        -           2025-02-10T09:00 completed
    4  C1       mug        -6       2.5        c1          2025-02-11T10:00 cancelled
    5  D        plate      2        5          c1          2025-03-10T11:00 completed
"""


def test_orders_and_customers_are_made_from_lines_without_the_cancelled_ones(tmp_path: Path) -> None:
    registry = build_registry(Contributions())
    (tmp_path / "kpi.toml").write_text('[workspace]\nname = "Lines"\n', encoding="utf-8")
    source = TinySource("lines", (batch(registry, "order_line", LINES),))
    load(Config(tmp_path, "Lines"), registry, [source], data_time=DATA_TIME)
    with open_workspace(tmp_path) as found:
        asked = found.get(["revenue", "aov", "avg_ticket", "new_customers", "ltv"], "2025-Q1").answers
    # A 15 + 5 = 20, B 5 of a customer nobody knows, D 10; C1 is cancelled.
    assert [each.value for each in asked] == pytest.approx([35, 35 / 3, 30 / 1, 1, 30])
    assert any("1 of 3 rows of order left out: no customer_id" in each for each in note_texts(asked[2].notes))
