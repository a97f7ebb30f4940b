"""Reports of a library that has no rep, no stage and no deal: each kind of section, each way to ask for it."""

from __future__ import annotations

import json

import pytest

from kpicore.testing import run_kpi
from tests.plugins.conftest import BUILT_IN
from tests.plugins.reading_room import LIBRARY, opened

REPORTS = """
from kpicore import Breakdown, Figures, Listing, Report, Trend

LOANS = ("loans", "reminders")

@hookimpl
def kpi_reports():
    by, lent = ("branch",), count("loan", when="lent_on")
    rows = Listing("l", "Last loans", lent, {"Loan": "id", "Branch": "branch"}, order="lent_on")
    instead = Breakdown("B", ("loans",), by=by, instead=Breakdown("C", LOANS))
    yield Report("figures", "Figures", (Figures("F", LOANS),))
    yield Report("trend", "Trend", (Trend("T", LOANS, months=2),))
    yield Report("rows", "Rows", (rows,))
    yield Report("closed", "Closed", (Breakdown("B", LOANS, by=("branch",)),))
    yield Report("open", "Open", (Breakdown("B", LOANS), Figures("F", LOANS)), by=("branch",))
    yield Report("instead", "I", (instead,), by=by)
    yield Report("strange", "Strange", (Breakdown("B", LOANS, by=("rep",)),))
    yield Report("strange_open", "Strange", (Breakdown("B", LOANS),), by=("rep",))
    yield Report("strange_unused", "Strange", (Figures("F", LOANS),), by=("rep",))
"""
IDS = "figures trend rows closed open instead strange strange_open strange_unused".split()
OPTIONS = (
    (),
    ("--json",),
    ("--by", "branch"),
    ("--by", "Branch", "--by", "branch"),
    ("--by", "rep"),
    ("--me", "North"),
    ("--me", "Nroth"),
    ("--me", "North", "--json"),
    ("--where", "branch=North"),
    ("--as-of", "2025-02-28"),
    ("--html", "out.html"),
    ("--xlsx", "out.xlsx"),
    ("--me", "North", "--html", "out.html", "--xlsx", "out.xlsx"),
)


@pytest.fixture
def library(install, tmp_path, monkeypatch):
    """Go to the workspace of a library with reports, and without what is about sales."""
    install("library", LIBRARY)
    points = install("monthly", REPORTS)
    opened(tmp_path / "library", points).close()
    (tmp_path / "library" / "kpi.toml").write_text('[workspace]\nname = "Town library"\n', encoding="utf-8")
    monkeypatch.setenv("KPI_DISABLE", ",".join(point.name for point in BUILT_IN if point.name != "reports"))
    monkeypatch.chdir(tmp_path / "library")


def asked(*args: str) -> str:
    """Return the output of a command that answers, or refuses in one line."""
    result = run_kpi(*args)
    assert "internal error" not in result.output
    assert isinstance(result.exception, SystemExit | None)
    assert result.exit_code == 0 or len(result.stderr.splitlines()) == 1, result.stderr
    return result.output


@pytest.mark.usefixtures("library")
def test_every_kind_of_section_is_answered_or_refused_in_one_line():
    built_in = [report["report"] for report in json.loads(asked("report", "--json"))]
    assert {*IDS, "rep_scorecard", "funnel"} <= {*built_in}
    for report in built_in:
        for options in OPTIONS if report in IDS else OPTIONS[:1]:
            asked("report", report, "-p", "2025-Q1", *options)


@pytest.mark.usefixtures("library")
def test_a_table_is_by_what_its_report_says_and_me_is_one_of_its_lines():
    (table, _) = json.loads(asked("report", "open", "-p", "2025-Q1", "--json"))["sections"]
    assert (table["by"], [line["label"] for line in table["lines"]]) == (["branch"], ["North", "South"])
    mine = asked("report", "open", "-p", "2025-Q1", "--me", "North")
    assert "branch North; " in mine and "needs 3 members with a number, and there are 2" in mine
    assert "needs a table by one dimension" in asked("report", "closed", "-p", "2025-Q1", "--me", "North")
    assert "no dimension named 'rep'" in asked("report", "strange_open", "-p", "2025-Q1")
    assert "no dimension named 'rep'" in asked("report", "strange", "-p", "2025-Q1")
    assert " 4 " in asked("report", "strange_unused", "-p", "2025-Q1")
