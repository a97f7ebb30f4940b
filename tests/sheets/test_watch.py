"""`kpi sheets watch`: with a clock that a test moves and a function in the place of Google."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from kpicore import BadConfig, Cells, KpiError, one_instance
from kpicore.testing import WAREHOUSE_FILE, run_kpi
from kpicore_crm.testing import load_tiny_company
from kpicore_sheets.outcome_lines import outcome_lines
from kpicore_sheets.sync.outcome import REFUSED, TableOutcome
from kpicore_sheets.sync.status_file import StatusFile
from tests.loops import loop
from tests.sheets.watching import Watched, table

HOUR = 3_600
REFUSAL = "'KPIs'!B3:D14 holds a cell of yours (C5)."


def data(name: str = "funnel", **more: str):
    return table(name, refresh="data", **more)


def test_new_data_is_written_within_a_look_and_nothing_is_asked_without(tmp_path):
    watched = Watched(tmp_path, (data(),))
    watched.at(101, lambda: setattr(watched.google, "data", "2"))
    assert watched.run(HOUR)
    assert watched.google.runs == [(0, ("funnel",)), (102, ("funnel",))]
    assert watched.told == [
        "2026-03-02 07:00:00 funnel: written, 12 rows, 2 requests",
        "2026-03-02 07:01:42 funnel: written, 12 rows, 2 requests",
    ]


def test_tables_of_a_spreadsheet_with_the_same_times_are_one_run(tmp_path):
    tables = (
        data(),
        data("deals"),
        data("other", spreadsheet="plans"),
        table("a", every="1 h"),
        table("b", every="1 h"),
    )
    watched = Watched(tmp_path, (*tables, table("by_hand")))
    watched.run(60)
    assert [names for _, names in watched.google.runs] == [("funnel", "deals"), ("other",), ("a", "b")]


def test_a_cron_is_one_of_the_workspaces_zone(tmp_path):
    watched = Watched(tmp_path, (table("weekly", cron="0 9 * * mon"),), zone="Europe/Berlin", lateness=0.5)
    StatusFile(tmp_path).record([TableOutcome("weekly", "written")], watched.clock.now())
    watched.run(2 * HOUR)
    # half of the 20 seconds that it may be late
    assert watched.told == ["2026-03-02 09:00:10 weekly: written, 12 rows, 2 requests"]


def test_what_was_missed_while_nobody_watched_is_made_good_at_the_start(tmp_path):
    tables = (
        table("never", every="1 h"),
        table("once", cron="0 * * * *"),
        table("history", every="2 h", mode="history"),
    )
    watched = Watched(tmp_path, tables)
    watched.run(10)
    assert [names for _, names in watched.google.runs] == [("never",), ("once",)]
    watched.clock.wait(2 * HOUR)
    watched.google.runs.clear()
    watched.run(10)
    assert [names for _, names in watched.google.runs] == [("never",), ("once",)]


def test_who_says_no_time_for_any_table_is_told_what_to_write(tmp_path):
    with pytest.raises(BadConfig, match=r'no \[\[sheet\]\] says when it is written.*refresh = "data"'):
        Watched(tmp_path, (table("by_hand"),)).run(1)


def test_a_schedule_that_is_none_is_told_with_its_table(tmp_path):
    with pytest.raises(BadConfig, match=r"\[\[sheet\]\] 'weekly': cron 'monday' does not have five fields"):
        Watched(tmp_path, (table("weekly", cron="monday"),)).run(1)


def test_what_fails_is_told_kept_and_tried_again_after_pauses(tmp_path):
    watched = Watched(tmp_path, (data(), data("other", spreadsheet="plans")))
    watched.google.faults += [KpiError("Google is away."), KpiError("Google is away.")]
    assert watched.run(60)
    # each spreadsheet by itself
    assert watched.google.runs == [(0, ("funnel",)), (0, ("other",)), (2, ("funnel",)), (2, ("other",))]
    assert watched.told[:2] == [
        "2026-03-02 07:00:00 funnel: failed: Google is away.",
        "2026-03-02 07:00:00 Trying again in 2 s: funnel: not up to date.",
    ]
    status = StatusFile(tmp_path).read()["funnel"]
    assert (status.outcome.status, status.outcome.error) == ("written", "")


def test_a_table_that_is_refused_at_last_makes_the_end_a_failure_until_it_is_written(tmp_path):
    watched = Watched(tmp_path, (data(),))
    watched.google.faults += [TableOutcome("funnel", REFUSED, requests=1, error=REFUSAL)] * 4
    assert not watched.run(10)
    assert watched.told[0] == f"2026-03-02 07:00:00 funnel: refused: {REFUSAL}"
    # 0, 2 and 6 seconds after the start; then at the next one's start, and well 2 seconds later
    assert watched.run(10)


def test_a_defect_is_told_and_kept_as_a_failure(tmp_path):
    watched = Watched(tmp_path, (data(),))
    watched.google.faults.append(ZeroDivisionError("division by zero"))
    watched.run(1)
    told = "internal error, ZeroDivisionError: division by zero. Run with KPI_DEBUG=1 for the traceback."
    assert StatusFile(tmp_path).read()["funnel"].outcome.error == told


def test_kpi_toml_is_read_again_when_it_changes(tmp_path):
    watched = Watched(tmp_path, (data(),))

    def change() -> None:
        watched.tables = (data(), data("deals"), table("hourly", spreadsheet="plans", every="1 h"))
        watched.write_config("changed")

    watched.at(99, change)
    watched.run(600)
    assert watched.google.runs[1:] == [(100, ("funnel", "deals")), (100, ("hourly",))]
    assert "2026-03-02 07:01:40 kpi.toml has changed. Watches 3 tables in 2 spreadsheets" in watched.told


def test_who_leaves_no_table_with_a_time_is_told_that_nothing_is_watched(tmp_path):
    watched = Watched(tmp_path, (data(),))

    def change() -> None:
        watched.tables = (table("funnel"),)
        watched.write_config("changed")

    watched.at(99, change)
    watched.run(600)
    assert watched.told[1:] == ["2026-03-02 07:01:40 kpi.toml has changed. Watches 0 tables in 0 spreadsheets"]


@pytest.mark.parametrize("when", [{"cron": "0 8 1 1 *"}, {"every": "1 week"}])
def test_a_table_that_comes_to_others_of_the_same_times_is_filled_at_once(tmp_path, when):
    watched = Watched(tmp_path, (table("funnel", **when),))

    def change() -> None:
        watched.tables = (table("funnel", **when), table("deals", **when))
        watched.write_config("changed")

    watched.at(99, change)
    watched.run(600)
    assert watched.google.runs == [(0, ("funnel",)), (100, ("funnel", "deals"))]


def test_a_broken_kpi_toml_is_told_once_and_the_old_tables_are_kept_until_it_is_mended(tmp_path):
    watched = Watched(tmp_path, (data(), table("often", every="60 s")))

    def broken(problem: str) -> None:
        watched.problem = problem
        watched.write_config(problem)

    watched.at(99, lambda: broken("kpi.toml line 3: no key."))
    watched.at(201, lambda: setattr(watched.google, "data", "2"))
    watched.at(301, lambda: broken(""))
    watched.run(400)
    assert [line for line in watched.told if "kpi.toml" in line] == [
        "2026-03-02 07:01:40 Nothing is written until kpi.toml can be read: kpi.toml line 3: no key.",
        "2026-03-02 07:05:02 kpi.toml can be read again. Watches 2 tables in 1 spreadsheet",
    ]
    # new data cannot be read before kpi.toml can
    assert [seconds for seconds, names in watched.google.runs if names == ("funnel",)] == [0, 302]


def test_a_kpi_toml_that_is_broken_at_the_end_makes_it_a_failure(tmp_path):
    watched = Watched(tmp_path, (data(),))

    def broken() -> None:
        watched.problem = "kpi.toml line 3: no key."
        watched.write_config("broken")

    watched.at(99, broken)
    assert not watched.run(600)


def test_what_came_of_a_run_is_kept_though_nobody_can_be_told(tmp_path):
    watched = Watched(tmp_path, (data(),))
    watched.told = Unheard()
    with pytest.raises(BrokenPipeError):
        watched.run(10)
    assert StatusFile(tmp_path).read()["funnel"].outcome.status == "written"


class Unheard(list):
    """Lines for a terminal that is closed."""

    def append(self, line):
        raise BrokenPipeError


def test_a_status_that_cannot_be_written_is_told_and_no_failure(tmp_path):
    watched = Watched(tmp_path, (data(),))
    (tmp_path / "sheets-status.json").mkdir()
    assert watched.run(10)
    assert "sheets-status.json: cannot be" in " ".join(watched.told)


def test_a_run_in_flight_ends_before_it_stops(tmp_path):
    watched = Watched(tmp_path, (data(), data("other", spreadsheet="plans")))
    watched.google.seconds = 100
    watched.run(50)
    assert watched.google.shown == {"funnel": "1"}
    assert list(StatusFile(tmp_path).read()) == ["funnel"]


@loop("kpi sheets watch beside repeated imports for an hour of made-up changes", ci=10, soak=200)
def test_no_stamp_is_older_than_ten_seconds_and_nothing_is_asked_without_a_change(tmp_path, rounds, chance):
    for number in range(rounds):
        (folder := tmp_path / str(number)).mkdir()
        an_hour_of_changes(Watched(folder, (data(), data("deals"), data("other", spreadsheet="plans"))), chance)


def an_hour_of_changes(watched: Watched, chance: Random) -> None:
    google, changes, oldest = watched.google, list[float](), list[float]()
    google.seconds = chance.uniform(0, 2)  # how long a write takes
    tries = chance.choice([0, 0, 1])  # that fail for each change: then there are pauses

    def load() -> None:
        google.data = str(len(changes) + 2)
        changes.append(watched.clock.elapsed())
        google.faults += [KpiError("The warehouse is being written.")] * tries

    def look() -> None:
        # what was loaded ten seconds ago or before is shown
        loaded = len([seconds for seconds in changes if seconds <= watched.clock.elapsed() - 10])
        behind = [name for name in ("funnel", "deals", "other") if int(google.shown[name]) < loaded + 1]
        oldest.extend([watched.clock.elapsed()] * len(behind))

    for _ in range(chance.randrange(120)):
        watched.at(chance.uniform(10, HOUR), load)
    for second in range(20, HOUR, 7):
        watched.at(second, look)
    watched.run(HOUR + 1_000)  # longer than the longest pause
    assert oldest == [] or tries
    assert google.shown == dict.fromkeys(("funnel", "deals", "other"), str(len(changes) + 1))
    # a run for each spreadsheet at the start, for a change and for a fault; several changes may share one
    assert len(google.runs) <= 2 * (len(changes) + 1) + tries * len(changes)


def test_to_look_at_the_stamp_opens_nothing(tmp_path):
    load_tiny_company(tmp_path)
    (tmp_path / "kpi.toml").write_text("[workspace]\n")
    cells = Cells(tmp_path)
    before = cells.stamp()
    # another process may write: it opens the file for itself alone
    writes = f"import duckdb; duckdb.connect({str(tmp_path / WAREHOUSE_FILE)!r}).execute('create table t (a int)')"
    subprocess.run([sys.executable, "-c", writes], check=True)
    assert cells.stamp() != before


def test_one_watches_a_workspace(workspace: Path):
    with one_instance(workspace / "sheets-watch.pid"):
        result = run_kpi("sheets", "watch", "-w", str(workspace))
    assert result.exit_code == 1
    assert "sheets-watch.pid: it runs already, as process" in result.stderr


def test_a_folder_that_is_no_workspace_is_refused_and_left_as_it_is(tmp_path):
    assert run_kpi("sheets", "watch", "-w", str(tmp_path)).exit_code == 1
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "kpi.toml").write_text(f"""
[workspace]
timezone = "Europe/Berlin"

[[sheet]]
name = "funnel"
spreadsheet = "{"a" * 44}"
tab = "KPIs"
kpis = ["win_rate"]
period = "this year"
refresh = "data"
""")
    return tmp_path


PLACE = "'KPIs'!B3:C6"


def test_status_shows_each_table_and_as_json(workspace):
    StatusFile(workspace).record(
        [
            TableOutcome("funnel", REFUSED, requests=1, error="[red]no[/red]"),
            TableOutcome("gone", "written", place=PLACE),
        ],
        Watched(workspace / "..", ()).clock.now(),
    )
    record, left = json.loads(run_kpi("sheets", "status", "--json", "-w", str(workspace)).stdout)
    assert record == {
        **{"name": "funnel", "last_try": "2026-03-02T07:00:00+00:00", "last_success": None, "status": "refused"},
        **{"rows": 0, "requests": 1, "message": "", "error": "[red]no[/red]"},
    }
    shown = run_kpi("sheets", "status", "-w", str(workspace)).stdout
    assert "2026-03-02 08:00" in shown and "never" in shown and "refused: [red]no[/red]" in shown
    assert (left["name"], left["status"], left["last_try"]) == ("gone", "left", None)
    assert "gone: no longer in kpi.toml; its cells stay in 'KPIs'!B3:C6. To take it away clear them," in shown


def test_requests_of_a_spreadsheet_are_told_once():
    tables = (table("funnel"), table("deals"), table("plan"), table("other", spreadsheet="plans"))
    outcomes = [
        TableOutcome("funnel", "written", rows=1, requests=3),
        TableOutcome("deals", "unchanged", rows=1_200, requests=3),
        TableOutcome("plan", REFUSED, requests=3, error=REFUSAL),
        TableOutcome("other", "written", rows=2, requests=1, message="A cell was put right."),
    ]
    assert list(outcome_lines(outcomes, tables)) == [
        "funnel: written, 1 row",
        "deals: unchanged, 1,200 rows, 3 requests for 3 tables",
        f"plan: refused: {REFUSAL}",
        "other: written, 2 rows, 1 request. A cell was put right.",
    ]
