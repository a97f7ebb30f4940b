"""Two workspaces that each have a `[[sheet]]` of one name, and machines of one workspace: who goes on, who is told."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore.testing import MadeUpClock
from kpicore.testing.sheets import Emulator
from kpicore_sheets.refreshing import begun
from kpicore_sheets.sync import aim
from kpicore_sheets.sync.outcome import TableOutcome
from kpicore_sheets.sync.ownership import settings_digest, with_begun
from kpicore_sheets.sync.reading import LastRun, last_run
from kpicore_sheets.sync.run import would_change
from kpicore_sheets.sync.status_file import StatusFile
from kpicore_sheets.table import KpiContent, SheetTable
from tests.sheets.direct import DirectSpreadsheets
from tests.sheets.grids import ID, emulated, filled, grid, run, sheet, shown

ANNS, BENS = grid(("Ann", 0.41)), grid(("Ben", 0.25))
OTHER = replace(sheet(), content=KpiContent(("win_rate",), "2025"))
REFUSAL = (
    "the table 'funnel' in 'KPIs'!B3:C5 was written meanwhile for another [[sheet]] 'funnel', of another workspace or "
    "kpi.toml. Give one of the two another name and cell, or bring both kpi.toml to the same."
)


class Machine:
    """A machine with a `sheets-status.json` of its own."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator, self.last = emulator, dict[str, LastRun]()

    def write(self, table: SheetTable, content: object) -> TableOutcome:
        (outcome,) = run(self.emulator, (table, content), last=self.last)  # type: ignore[arg-type]
        if known := last_run(outcome):
            self.last[table.name] = known
        return outcome


def test_a_table_that_another_workspace_has_written_since_is_refused_and_keeps_its_numbers():
    emulator = emulated()
    first, second = Machine(emulator), Machine(emulator)
    assert first.write(sheet(), ANNS).status == "written"
    assert second.write(OTHER, BENS).status == "written"
    stands = shown(emulator)
    for _ in range(2):  # and the other one goes on undisturbed: nothing is written into its stamp
        assert (first.write(sheet(), ANNS).error, shown(emulator)) == (REFUSAL, stands)
        assert second.write(OTHER, BENS).status == "unchanged"


@pytest.mark.parametrize("content", [BENS, grid(("Cy", 0.1), ("Di", 0.2))], ids=["same cells", "other cells"])
def test_also_where_it_would_only_fail_or_shows_the_same_nothing_is_taken_from_the_other(content):
    emulator = emulated()
    first, second = Machine(emulator), Machine(emulator)
    first.write(sheet(), ANNS)
    second.write(OTHER, BENS)
    assert first.write(sheet(), content).error == REFUSAL
    emulator.user(ID).protect("KPIs", "B3:C5")
    first.write(sheet(), content)
    assert "Not refreshed" not in str(shown(emulator))


def test_machines_of_one_workspace_go_on_untold_and_so_does_an_edited_kpi_toml():
    emulator = emulated()
    first, second = Machine(emulator), Machine(emulator)
    for number, machine in enumerate((first, second, first, second, Machine(emulator))):
        assert machine.write(sheet(), grid(("Ann", number))).status == "written"
    assert first.write(OTHER, BENS).status == "written"  # edited here,
    assert second.write(OTHER, BENS).status == "unchanged"  # pulled there
    assert second.write(sheet(), ANNS).status == "written"  # and taken back
    assert second.write(sheet(), ANNS).status == "unchanged"


def test_an_edit_that_is_taken_back_after_a_run_that_was_killed_is_no_other_workspace(tmp_path):
    emulator, clock = emulated(), MadeUpClock()
    for table, is_killed in ((sheet(), False), (OTHER, True), (sheet(), False)):
        (outcome,) = run(emulator, (table, ANNS), last=begun(tmp_path, [table]))
        assert outcome.status == "written"
        if not is_killed:
            StatusFile(tmp_path).record([outcome], clock.now())
    Machine(emulator).write(OTHER, BENS)  # what is of before that write tells nothing of this one
    (outcome,) = run(emulator, (sheet(), ANNS), last=begun(tmp_path, [sheet()]))
    assert outcome.error == REFUSAL


@given(st.lists(st.sampled_from("abcdefghijkl"), max_size=30))
def test_of_writes_that_were_begun_the_last_success_and_eight_others_are_kept(tries):
    kept = "s"
    for settings in tries:
        kept = with_begun(kept, settings)
    assert kept.split()[0] == "s"
    assert len(kept.split()) == len(set(kept.split())) <= 9
    assert (tries or ["s"])[-1] in kept.split()


def test_an_edit_that_changes_no_cell_is_remembered_so_that_nobody_is_refused_for_it():
    emulator = emulated()
    first, second = Machine(emulator), Machine(emulator)
    first.write(sheet(), ANNS)
    assert [first.write(OTHER, ANNS).status for _ in range(2)] == ["written", "unchanged"]
    assert second.write(OTHER, ANNS).status == "unchanged"


def test_what_was_written_before_settings_were_remembered_is_written_on(monkeypatch):
    emulator = emulated()
    machine = Machine(emulator)
    with monkeypatch.context() as patched:
        patched.setattr("kpicore_sheets.sync.spreadsheet_run.settings_digest", lambda table: "")
        machine.write(sheet(), ANNS)
    assert machine.write(sheet(), ANNS).status == "unchanged"
    assert machine.write(sheet(), BENS).status == "written"


def test_a_large_table_and_a_history_are_told_apart_too(monkeypatch):
    monkeypatch.setattr(aim, "MOST_IN_ONE", 50)
    for mode in ("replace", "history"):
        emulator = emulated()
        first, second = Machine(emulator), Machine(emulator)
        first.write(sheet(mode=mode), ANNS)
        second.write(replace(OTHER, mode=mode), BENS)
        assert first.write(sheet(mode=mode), grid(("Ann", 3))).status == "refused"
        assert [tab.title for tab in emulator.spreadsheets[ID].tabs] == ["KPIs"]


@pytest.mark.parametrize("mode", ["replace", "history"])
def test_an_older_version_of_the_spreadsheet_that_people_bring_back_is_nobody_elses(mode):
    emulator = emulated()
    first, second = Machine(emulator), Machine(emulator)
    first.write(sheet(mode=mode), ANNS)
    older = deepcopy(emulator.spreadsheets[ID])
    assert first.write(replace(OTHER, mode=mode), BENS).status == "written"
    emulator.spreadsheets[ID] = older
    assert first.write(replace(OTHER, mode=mode), BENS).status == "written"
    second.write(sheet(mode=mode), ANNS)
    assert first.write(replace(OTHER, mode=mode), BENS).status == "refused"


def test_a_dry_run_says_so_too():
    emulator = emulated()
    first = Machine(emulator)
    first.write(sheet(), ANNS)
    Machine(emulator).write(OTHER, BENS)
    google = DirectSpreadsheets(emulator)
    (told,) = would_change([sheet()], lambda table: filled(ANNS), google, MadeUpClock(), first.last)
    assert told.error == REFUSAL


def test_settings_stand_for_what_is_shown_where_and_not_for_when():
    table = sheet()
    others = [
        OTHER,
        *(replace(table, **{key: value}) for key, value in {"row": 3, "mode": "history", "chart": "line"}.items()),
        replace(table, content=KpiContent(("win_rate",), "2026", where={"region": ("North",)})),
    ]
    assert len({settings_digest(other) for other in (table, *others)}) == 6
    assert settings_digest(table) == settings_digest(replace(table, refresh="data", every="", cron="0 8 * * *"))
    assert len(settings_digest(table)) == 6
