"""What is told a year: a year is twelve months, however many days its parts have."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpicore import open_workspace
from kpicore.testing import TinySource, batch
from tests.crm import crm_registry
from tests.engine.worlds import at

ORDERS = """
    id customer_id ordered_at amount
    o1 k1 2024-02-01 10
    o2 k1 2025-01-01 10
    o3 k1 2025-03-31 10
    o4 k1 2025-06-30 10
    o5 k1 2025-07-01 10
    o6 k1 2025-09-30 10
    o7 k1 2026-02-01 10
"""


@pytest.mark.parametrize(
    ("day", "period", "value"),
    [
        ("2026-06-30", "2025", 5),
        ("2026-06-30", "2025-01-01..2025-12-31", 5),
        ("2026-06-30", "2024..2025", 3),
        ("2026-06-30", "2025-Q1", 8),
        ("2026-06-30", "2025-Q3", 8),
        ("2026-06-30", "2025-01..2025-06", 6),
        ("2026-06-30", "2025-09", 12),
        ("2026-06-30", "2025-W01", 365.25 / 7),
        ("2026-06-30", "2025-01-01..2025-03-30", 365.25 / 89),
        ("2025-04-10", "2025", 2 / (100 / 365)),
        ("2025-04-10", "ytd", 2 / (100 / 365)),
        ("2025-08-15", "2025-Q3", 1 / (0.25 * 46 / 92)),
    ],
)
def test_purchases_a_year(tmp_path: Path, day: str, period: str, value: float) -> None:
    (tmp_path / "kpi.toml").write_text('[workspace]\nname = "Shop"\n', encoding="utf-8")
    registry = crm_registry()
    rows = TinySource("rows", (batch(registry, "order", ORDERS),))
    with open_workspace(tmp_path) as opened:
        opened.load([rows], data_time=at(day))
        assert opened.get("purchase_frequency", period).answers[0].value == pytest.approx(value, rel=1e-12)
