"""A share of what was in the funnel is never above 1: what is in no funnel is in neither side, and told."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpicore import Workspace, open_workspace
from tests.engine.worlds import config_of, load_tables
from tests.metrics.asking import answer
from tests.said import note_texts

DEALS = """
    id created_at closed_at  outcome amount
    1  2025-01-10 2025-02-05 won     10
    2  2025-02-10 2025-02-01 won     20
    3  -          2025-02-03 won     40
    4  2025-02-05 2025-02-05 won     80
    5  2025-02-07 -          open    160
"""


@pytest.fixture
def company(tmp_path: Path) -> Workspace:
    load_tables(config_of(tmp_path), {"opportunity": DEALS})
    (tmp_path / "kpi.toml").write_text('[workspace]\nname = "Test"\n', encoding="utf-8")
    return open_workspace(tmp_path)


@pytest.mark.parametrize("kpi", ["win_rate.funnel", "lead_conversion.in_funnel"])
def test_deals_created_on_no_known_day_or_after_their_close_are_in_neither_side(company: Workspace, kpi: str) -> None:
    found = answer(company, kpi, "2025-02")
    assert found.value == pytest.approx(2 / 3)  # 1 and 4 of 1, 4 and 5
    told = note_texts(found.notes)
    assert "1 deal was closed before it was created" in told
    assert any("no created_on to tell whether outcome = 'won' and created_on <= closed_on" in each for each in told)


@pytest.mark.parametrize("month", ["2025-01", "2025-02", "2025-02-01..2025-02-03", "2025-Q1"])
def test_no_share_of_the_funnel_is_above_1(company: Workspace, month: str) -> None:
    found = answer(company, "win_rate.funnel", month)
    assert found.value is not None
    assert 0 <= found.value <= 1
