"""A deal is over when its outcome says so, though the day that was planned for its close is yet to come."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kpicore import Workspace, open_workspace
from tests.engine.worlds import at, config_of, load_tables
from tests.metrics.asking import answer, value
from tests.said import note_texts

UNSTAGED = """
    id created_at closed_at  outcome amount
    1  2026-01-05 -          open    400
    2  2026-01-05 2026-08-01 lost    800
    3  2026-01-05 2026-07-15 won     1600
    4  2026-01-05 2026-09-30 open    3200
    5  2026-01-05 2026-06-20 lost    6400
"""
STAGED = """
    id created_at closed_at  stage_id amount
    1  2026-01-05 -          offer    400
    2  2026-01-05 2026-08-01 lost     800
    3  2026-01-05 2026-07-15 won      1600
    4  2026-01-05 2026-09-30 offer    3200
    5  2026-01-05 2026-06-20 lost     6400
"""
STAGES = """
    id    position outcome probability
    offer 1        open    0.5
    won   2        won     1
    lost  3        lost    0
"""
KINDS = {"unstaged": {"opportunity": UNSTAGED}, "staged": {"opportunity": STAGED, "stage": STAGES}}
TOLD = "2 deals are over, with a closed_at after the day of the data: taken for open until that day"


def company(folder: Path, kind: str, day: str, **more: str) -> Workspace:
    load_tables(config_of(folder), {**KINDS[kind], **more}, at=at(day))
    (folder / "kpi.toml").write_text('[workspace]\nname = "Test"\n', encoding="utf-8")
    return open_workspace(folder)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("period", ["2026-06", "2026", "mtd", "2026-06-20"])
def test_what_is_won_or_lost_is_in_no_pipeline(tmp_path: Path, kind: str, period: str) -> None:
    found = answer(company(tmp_path, kind, "2026-06-20"), "pipeline_value", period)
    assert found.value == 400 + 3200
    assert TOLD in note_texts(found.notes)


@pytest.mark.parametrize("kind", KINDS)
def test_before_the_day_of_the_data_it_is_taken_for_open(tmp_path: Path, kind: str) -> None:
    assert value(company(tmp_path, kind, "2026-06-20"), "pipeline_value", "2026-05") == 400 + 800 + 1600 + 3200 + 6400


@pytest.mark.parametrize("kind", KINDS)
def test_the_largest_open_deal_is_an_open_one(tmp_path: Path, kind: str) -> None:
    assert value(company(tmp_path, kind, "2026-06-20"), "top_opportunities", "2026-06") == 3200


@pytest.mark.parametrize("kind", KINDS)
def test_once_the_day_has_come_the_deal_was_closed_on_it(tmp_path: Path, kind: str) -> None:
    company(tmp_path, kind, "2026-06-20").close()
    order = "id amount ordered_at\n a 1 2026-07-31"
    load_tables(config_of(tmp_path), {"order": order}, at=at("2026-08-02"))  # of the deals nothing new
    with open_workspace(tmp_path) as later:
        assert value(later, "total_sales", "2026-07") == 1600
        found = answer(later, "pipeline_value", "2026-07-14")
        assert found.value == 400 + 800 + 1600 + 3200
        assert TOLD not in note_texts(found.notes)
        [then] = later.get("pipeline_value", "2026-06-20", as_of=date(2026, 6, 20)).answers
        assert then.value == 400 + 3200
