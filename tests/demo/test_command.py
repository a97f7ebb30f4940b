"""`kpi demo`, from an empty folder to a workbook."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from kpicore import KpiError, open_workspace
from kpicore_demo.command import demo
from kpicore_demo.making import make_room
from kpicore_demo.screen import SHOWN, show
from tests.said import note_texts


def test_a_workspace_with_data_workbook_and_a_messy_export_is_made(made):
    names = {each.name for each in made.folder.iterdir()}
    assert {"kpi.toml", "warehouse.duckdb", "kpi-demo.xlsx", "demo-export.csv"} <= names
    assert made.workspace.config.currency == "USD"
    assert str(made.report.period) == "2026-Q3"
    assert made.report.progress == "to date, 80 of 92 days"


def test_progress_goes_from_nothing_to_done_and_never_back(made):
    shares = [done for _, done in made.steps]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_the_engine_gives_the_sums_of_the_rows(made, rows):
    quarter = [
        row
        for row in rows["opportunity"]
        if row["outcome"] == "won" and (row["closed_at"].year, (row["closed_at"].month + 2) // 3) == (2025, 2)
    ]
    dollars = float(sum(row["amount"] for row in quarter if row["currency"] == "USD"))
    assert made.workspace.get("won_deals", "2025-Q2").answers[0].value == len(quarter)
    assert made.workspace.get("total_sales", "2025-Q2", where={"currency": "USD"}).answers[0].value == pytest.approx(
        dollars
    )


def test_nearly_every_kpi_has_a_number(made):
    assert len(made.report.lines) >= 75
    without = {line.metric.id for line in made.report.lines if line.now and line.now.value is None}
    assert without == {"post_close_churn"}  # whether the quarter's new customers stay is not known yet


def test_every_kpi_and_variant_is_computable(made):
    found = made.workspace.coverage()
    assert len(found) >= 138
    assert [(each.metric, each.variant, each.lacks) for each in found if not each.computable] == []


def test_the_cost_of_a_customer_is_told_for_inbound_and_for_prospecting(made):
    found = made.workspace.get("cac.paid", "2026-Q1", by=("origin",)).answers
    cost = {dict(each.question.cuts)["origin"]: each.value for each in found}
    assert cost[("inbound",)] > 0
    assert cost[("prospecting",)] > 0


def test_the_cost_of_a_customer_says_that_training_is_missing(made):
    (answer,) = made.workspace.get("cac", "2026-Q3").answers
    assert [text for text in note_texts(answer.notes) if "training" in text]
    (earlier,) = made.workspace.get("cac", "2026-Q1").answers
    assert not [text for text in note_texts(earlier.notes) if "training" in text]


def test_values_that_nobody_could_read_are_in_quarantine(made):
    assert {(cell.column, cell.raw) for cell in made.report.unreadable} == {
        ("first_response_at", "31/02/2024 10:15"),
        ("score", "hot!"),
        ("duration_min", "1h??"),
        ("created_at", "sometime in spring"),
        ("expected_close_on", "2025-13-01"),
    }


def test_the_table_fits_into_eighty_columns_and_shows_what_it_should(made, capsys):
    show(made.report, Path("kpi-demo"), "kpi-demo.xlsx")
    printed = capsys.readouterr().out
    assert max(len(line) for line in printed.splitlines()) <= 80
    assert "\x1b" not in printed
    for _, ids in SHOWN:
        for id in ids:
            line = made.report.line(id)
            assert line is not None and f"  {line.metric.name} " in printed
    assert re.search(r"Win rate +\d\d\.\d% +\d\d\.\d% +[▲▼] \d+\.\dpt +50\.0% +\d+%", printed)
    assert "has no rows with category training" in printed
    assert "5 values could not be read" in printed


def test_what_it_says_to_try_next_works(made, capsys):
    show(made.report, Path("kpi-demo"), "kpi-demo.xlsx")
    printed = capsys.readouterr().out
    commands = re.findall(r"^  kpi ((?:explain|get).*?)(?:  |$)", printed, re.MULTILINE)
    assert len(commands) == 3
    for command in commands:
        ran = subprocess.run(
            [sys.executable, "-c", "from kpicore.cli import main; main()", *command.split()],
            cwd=made.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr


def test_an_earlier_demo_is_made_anew_and_own_files_stay(made, tmp_path):
    folder = tmp_path / "kpi-demo"
    folder.mkdir()
    (folder / "kpi.toml").write_text((made.folder / "kpi.toml").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "warehouse.duckdb").write_bytes(b"old")
    (folder / "mine.txt").write_text("mine")
    make_room(folder)
    assert [each.name for each in folder.iterdir()] == ["mine.txt"]


def test_another_folder_with_files_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    ran = CliRunner().invoke(demo, [str(tmp_path)])
    assert isinstance(ran.exception, KpiError)
    assert str(ran.exception) == f"{tmp_path}: holds other files than a demo. Name another folder: kpi demo DIR"
    assert [each.name for each in tmp_path.iterdir()] == ["letter.txt"]


def test_a_workspace_that_is_no_demo_is_left_alone(tmp_path):
    (tmp_path / "kpi.toml").write_text('[workspace]\nname = "Real"\n')
    with pytest.raises(KpiError, match="holds other files than a demo"):
        make_room(tmp_path)
    assert open_workspace(tmp_path).config.name == "Real"


def test_a_file_in_the_way_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(KpiError, match="is a file"):
        make_room(tmp_path / "file")


def test_the_messy_export_can_be_imported_and_its_damage_is_told(made, tmp_path):
    folder = tmp_path / "kpi-demo"
    shutil.copytree(made.folder, folder)
    program = [sys.executable, "-c", "from kpicore.cli import main; main()", "import", "demo-export.csv", "--yes"]
    ran = subprocess.run(program, cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "120 rows read = 119 loaded + 1 in quarantine" in ran.stdout
    assert "'31.02.2026' is no date" in ran.stdout
    with open_workspace(folder) as found:
        (deals,) = found.get("opportunities_created", "2026", where={"product": "MarmotGrand"}).answers
    assert deals.value == 1
