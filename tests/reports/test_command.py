"""`kpi report` on a terminal and into files."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import Result

from kpicore import Workspace
from kpicore.testing import run_kpi
from tests.reports.test_filling import IDS

Run = Callable[..., Result]


@pytest.fixture
def run(tiny: Workspace) -> Run:
    """Give a function that runs `kpi report` on the tiny company."""

    def report(*args: str) -> Result:
        return run_kpi("report", *args, "--workspace", str(tiny.config.folder))

    return report


def test_without_a_name_the_reports_are_listed(run):
    shown = run().output
    assert [each for each in IDS if each not in shown] == []


@pytest.mark.parametrize("id", IDS)
def test_every_report_is_shown_within_100_columns_when_piped(run, id):
    result = run(id, "--period", "2025-Q2")
    assert result.exit_code == 0, result.output
    assert max(map(len, result.output.splitlines())) <= 100
    assert "Data of 2025-07-15 12:00 UTC" in result.output


def test_a_report_shows_values_rows_changes_targets(run):
    lines = run("weekly_meeting", "-p", "2025-Q2").output.splitlines()
    (sales,) = [line for line in lines if line.startswith("Total sales")]
    assert sales.split() == ["Total", "sales", "1,220.00", "1,000.00", "▲", "22.0%", "1,220.00", "100%"]
    assert any(line.startswith("Win rate") and "75.0% (4)" in line for line in lines)


def test_a_wrong_name_is_told_with_the_nearest_one(run):
    result = run("sales_breef")
    assert (result.exit_code, result.output.strip()) == (
        1,
        "kpi: no report named 'sales_breef'. Did you mean 'sales_brief'?",
    )


def test_both_files_are_written_at_once(run, tmp_path):
    page, book = tmp_path / "a.html", tmp_path / "a.xlsx"
    result = run("performance", "-p", "2025-Q2", "--html", str(page), "--xlsx", str(book))
    assert (result.stdout, result.stderr.split()) == ("", ["Wrote", str(page), "Wrote", str(book)])
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert book.read_bytes()[:2] == b"PK"


def test_only_me(run):
    shown = run("rep_scorecard", "-p", "2025-Q1", "--me", "Bob Ray").output
    assert "Ann" not in shown
    assert "3 reps" in shown


def test_cuts_and_lines_are_taken(run):
    shown = run("performance", "-p", "2025-Q1", "--where", "team=North", "--by", "channel").output
    (phone,) = [line for line in shown.splitlines() if line.startswith("phone")]
    # o1 100 and o4 300 are North's
    assert "400.00" in phone
    assert "team North" in shown


def test_a_period_that_cannot_be_read_is_told(run):
    result = run("funnel", "-p", "01/02/2026")
    assert result.exit_code == 1
    assert result.output.startswith("kpi: period '01/02/2026'")


def test_a_report_as_json(run):
    found = json.loads(run("performance", "-p", "2025-Q2", "--json").stdout)
    assert (found["report"], found["period"], found["compared_period"]) == ("performance", "2025-Q2", "2025-Q1")
    table, figures = found["sections"]
    assert [each["label"] for each in table["lines"]] == ["Ann Lee [u1]", "Ann Lee [u3]", "Bob Ray", "(none)"]
    assert (table["all"][0]["value"], table["all"][4]["reason"]) == (1220, "not loaded: no payment was loaded")
    sales = figures["numbers"][0]
    assert (sales["kpi"], sales["before"], sales["target"], sales["reached"]) == ("total_sales", 1000, 1220, 1)


def test_rows_as_json(run):
    found = json.loads(run("top_opportunities", "-p", "2025-Q2", "--json").stdout)
    rows = found["sections"][1]
    assert rows["total"] == 2
    assert (rows["rows"][0]["Amount"], rows["rows"][0]["Expected close"]) == (700, "2025-08-15")


def test_the_reports_as_json(run):
    assert [load["report"] for load in json.loads(run("--json").stdout)] == IDS
