"""A workspace of layout 2, in which rows knew no source, is carried over: its answers, its past, its next imports.

At commit 5e74130f `kpi import` loaded customers, deals and costs as of 2026-02-28, and deals and costs again, changed,
as of 2026-03-31. The text holds raw rows and the book; made tables are made anew.
"""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kpicore import Workspace, open_workspace
from kpicore.testing import WAREHOUSE_FILE, TinySource, batch, load, run_kpi
from tests.migration.dumped import rebuilt

HERE = Path(__file__).parent / "layout_2"
FEBRUARY = date(2026, 2, 28)
KPIS = ["total_sales", "won_deals", "pipeline_value", "acquisition_cost", "win_rate"]
# costs have no key: twice the same 60, and 9; 20 came in March. d2 was worth 50 and open, and was won for 55
NOW = [100 + 55, 2, 30, 60 + 60 + 9 + 20, 2 / 3]
THEN = [100, 1, 50, 60 + 60 + 9, 1 / 2]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Give the workspace as it was left."""
    folder = shutil.copytree(HERE, tmp_path / "old")
    rebuilt((folder / "warehouse.sql").read_text(encoding="utf-8"), folder / WAREHOUSE_FILE)
    return folder


def assert_answers(folder: Path) -> None:
    with open_workspace(folder) as opened:
        assert opened.get(KPIS, "2026-Q1").values() == NOW
        assert opened.get(KPIS, "2026-Q1", as_of=FEBRUARY).values() == THEN
        assert sales_by_rep(opened, None) == {"u1": 100, "u2": 55}
        assert sales_by_rep(opened, FEBRUARY) == {"u1": 100}


def sales_by_rep(opened: Workspace, day: date | None) -> dict[str, float | None]:
    answers = opened.get("total_sales", "2026-Q1", by="rep", as_of=day).answers
    return {answer.question.cuts[0][1][0]: answer.value for answer in answers}


def imported(folder: Path, file: str) -> list[dict[str, int]]:
    words = "import", str(folder / "files" / f"{file}.csv"), "--as-of", "2026-04-02", "--yes", "--json"
    result = run_kpi(*words, "-w", str(folder))
    assert result.exit_code == 0, (result.output, result.exception)
    found: list[dict[str, int]] = json.loads(result.stdout)["entities"]
    return found


def test_it_answers_as_it_did_before_also_as_of_an_earlier_day(old):
    assert_answers(old)
    assert_answers(old)


def test_the_same_files_again_add_nothing_and_take_nothing_out(old):
    given = {"customers": (2, 2), "deals": (3, 4), "costs": (4, 4)}
    for file, (unchanged, rows) in given.items():
        [told] = imported(old, file)
        assert (told["new"], told["changed"], told.get("gone", 0), told.get("emptied", 0)) == (0, 0, 0, 0)
        assert (told["unchanged"], told["total"]) == (unchanged, rows)
    assert_answers(old)


def test_what_is_corrected_since_has_its_history_from_before_and_after(old):
    deals = old / "files" / "deals.csv"
    deals.write_text(deals.read_text(encoding="utf-8").replace("won,55", "won,66"), encoding="utf-8")
    [told] = imported(old, "deals")
    assert (told["new"], told["changed"], told["total"]) == (0, 1, 4)
    with open_workspace(old) as opened:
        days = (None, date(2026, 4, 1), FEBRUARY)
        sales = [opened.get("total_sales", "2026-Q1", as_of=day).values() for day in days]
        assert sales == [[100 + 66], [100 + 55], [100]]


def test_another_source_with_the_same_ids_has_rows_of_its_own(old):
    with open_workspace(old) as opened:
        deal = "id owner_id closed_at outcome amount\nd1 u1 2026-01-30 won 7"
        source = TinySource("crm", (batch(opened.registry, "opportunity", deal),))
        assert not load(opened.config, opened.registry, [source], data_time=datetime(2026, 4, 2, tzinfo=UTC)).errors
    with open_workspace(old) as opened:
        assert opened.get("total_sales", "2026-Q1").values() == [100 + 55 + 7]
        assert opened.warehouse.query("SELECT id FROM kpi.opportunity WHERE amount IN (100, 7) ORDER BY id") == [
            ("crm:d1",),
            ("files:d1",),
        ]
    assert_then(old)


def assert_then(folder: Path) -> None:
    with open_workspace(folder) as opened:
        assert opened.get(KPIS, "2026-Q1", as_of=FEBRUARY).values() == THEN
