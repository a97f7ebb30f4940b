"""A workspace that an earlier version wrote opens, answers rightly and goes on.

It has six deals and one that is won without a close date, five orders, one of them "Cancelled" in capitals, three
customers, two contracts, costs, a KPI and a target of its own, and kept cubes. Its tables are made otherwise today.
"""

from __future__ import annotations

import json
import logging
import shutil
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kpicore import KpiError, Workspace, open_workspace
from kpicore.testing import WAREHOUSE_FILE, run_kpi
from tests.migration.dumped import dumped, rebuilt
from tests.said import note_texts

HERE = Path(__file__).parent
MADE_ANEW = (
    "made anew: opportunity, opportunity_stage, contract, order, customer, customer_spell, cost, user, stage"
    " (an earlier version made them)"
)
QUARTER = {
    "total_sales": (100 + 200 + 350, 3),
    "won_deals": (3, 3),
    "lost_deals": (1, 1),
    "win_rate": (3 / 4, 4),
    "opportunities_created": (7, 7),
    "revenue": (100 + 200 - 20, 3),  # what was "Cancelled" is no revenue, as it was then
    "aov": (280 / 3, 3),
    "pipeline_value": (50 + 80, 2),  # nor is a deal in the pipeline that is won, whenever that was
    "pipeline_count": (2, 2),
    "weighted_pipeline": ((50 + 80) * 0.2, 2),
    "new_customers": (2, 2),
    "acquisition_cost": (300 + 60, 2),
    "cac": (180, 2),
    "roi": (280 / 360 - 1, 2),
    "ltv.revenue": (280 / 2, 2),
    "churn_rate": (1 / 2, 2),  # of two contracts one ended on February 1
    "big_deal_share": (2 / 3, 3),
    "target_attainment.money": (650 / 1300, 3),
}
"""Value and n of the first quarter of 2026."""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the old workspace as it was written."""
    folder: Path = tmp_path_factory.mktemp("migration") / "old"
    shutil.copytree(HERE / "workspace", folder)
    rebuilt((HERE / "warehouse.sql").read_text(encoding="utf-8"), folder / WAREHOUSE_FILE)
    with sqlite3.connect(folder / "cubes.sqlite") as cubes:
        cubes.executescript((HERE / "cubes.sql").read_text(encoding="utf-8"))
    cubes.close()
    return folder


@pytest.fixture
def old(written: Path, tmp_path: Path) -> Path:
    """Give a copy of the old workspace."""
    return Path(shutil.copytree(written, tmp_path / "old"))


def answers(opened: Workspace) -> dict[str, tuple[float | None, int]]:
    found = opened.get(list(QUARTER), "2026-Q1").answers
    return dict(zip(QUARTER, ((each.value, each.n) for each in found), strict=True))


def as_expected() -> object:
    return {kpi: (pytest.approx(value, rel=1e-12), n) for kpi, (value, n) in QUARTER.items()}


def test_the_warehouse_is_the_one_that_was_dumped(old: Path) -> None:
    assert "\n".join(dumped(old / WAREHOUSE_FILE)) + "\n" == (HERE / "warehouse.sql").read_text(encoding="utf-8")


def test_it_opens_tells_that_its_tables_are_made_anew_and_answers_rightly(
    old: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "kpicore"), open_workspace(old) as opened:
        assert answers(opened) == as_expected()
    assert [record.getMessage() for record in caplog.records] == [MADE_ANEW]
    caplog.clear()
    with caplog.at_level(logging.WARNING, "kpicore"), open_workspace(old) as opened:
        assert answers(opened) == as_expected()
    assert caplog.records == []


def test_who_may_not_write_is_told_in_one_line_what_to_do(old: Path) -> None:
    with open_workspace(old, may_remake=False) as opened, pytest.raises(KpiError) as refused:
        opened.get("revenue", "2026-Q1")
    told = str(refused.value)
    assert told.endswith("(an earlier version made the tables). Run: kpi remake") and "\n" not in told


def test_a_number_is_explained_down_to_its_rows(old: Path) -> None:
    with open_workspace(old) as opened:
        explanation = opened.explain("win_rate", "2026-Q1", {"rep": "Ann Lee"})
        assert (explanation.answer.value, explanation.answer.n) == (1, 2)
        listed = {each.name: [row[0] for row in each.rows().rows] for each in explanation.inputs}
        assert listed == {"won": ["d2", "d1"], "base": ["d2", "d1"]}


def test_what_was_said_on_an_earlier_day_is_still_known(old: Path) -> None:
    with open_workspace(old) as opened:
        [answer] = opened.get("pipeline_value", "2026-02", as_of=date(2026, 2, 28)).answers
        assert answer.value == 300 + 50  # d4 was worth 300 then, and is won for 350 now
        assert any("2026-02-28, the first load" in text for text in note_texts(answer.notes))


def test_kpi_remake_makes_its_tables_anew_once(old: Path) -> None:
    assert run(old, "remake") == MADE_ANEW
    assert run(old, "remake").startswith("Nothing to make anew")
    with open_workspace(old) as opened:
        assert answers(opened) == as_expected()


def test_kpi_check_finds_its_own_definitions_sound(old: Path) -> None:
    assert "(1 of your own)" in (told := run(old, "check")) and "no problem" in told


def test_the_next_import_goes_by_the_mapping_that_was_kept(old: Path, tmp_path: Path) -> None:
    deals = put(
        tmp_path / "deals.csv",
        "Deal ID,Deal name,Owner,Account,Created,Closed,Status,Value,Stage,Expected close",
        "d7,Eta,u2,c3,2026-03-03,2026-03-30,won,999,Won,",
        "d8,Theta,u1,c1,2026-03-31,,open,7,Offer,2026-07-31",
    )
    told = json.loads(run(old, "import", deals, "--as-of", "2026-04-02", "--yes", "--json"))
    assert [(each["entity"], each["new"], each["changed"], each["total"]) for each in told["entities"]] == [
        ("opportunity", 1, 1, 8)
    ]
    with open_workspace(old) as opened:
        found = opened.get(["total_sales", "pipeline_value", "revenue"], "2026-Q1").values()
    assert found == [650 + 999, 130 + 7, 280]


def test_the_ends_of_contracts_are_asked_about_as_nobody_said_what_they_hold(old: Path, tmp_path: Path) -> None:
    contracts = put(
        tmp_path / "contracts.csv", "id,customer_id,starts_on,ends_on,amount", "k1,c1,2025-01-01,2026-01-31,1200"
    )
    result = run_kpi("import", str(contracts), "-w", str(old))
    assert result.exit_code == 1
    [told] = [line for line in result.stderr.splitlines() if line]
    assert "column ends_on: is it the last day, or the first day after?" in told
    run(old, "import", contracts, "--as-of", "2026-04-02", "--yes")
    with open_workspace(old) as opened:
        assert opened.get("churn_rate", "2026-Q1").values() == [1 / 2]


def put(file: Path, *lines: str) -> Path:
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def run(folder: Path, *words: Any) -> str:
    """Run a `kpi` command in the workspace; return what it printed."""
    result = run_kpi(*map(str, words), "-w", str(folder))
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout.strip()
