"""Tables that could not be refreshed keep their numbers and say so above them, each for itself."""

from __future__ import annotations

import shutil

import pytest

from kpicore import UnknownName
from kpicore.testing import MadeUpClock
from kpicore_sheets.stamp import failed_stamp
from kpicore_sheets.sync.run import sync
from tests.sheets.direct import RefusingSome
from tests.sheets.grids import TWO, emulated, run, sheet, shown
from tests.sheets.test_sync_command import ID, company, kpi

__all__ = ["company"]
STAMP = "Data of 2025-07-15 12:00, written "


def without_data(folder):
    (folder / "warehouse.duckdb").unlink()


def with_garbage(folder):
    (folder / "warehouse.duckdb").write_bytes(b"garbage" * 1_000)


def with_bad_definitions(folder):
    (folder / "metrics").mkdir()
    (folder / "metrics" / "own.toml").write_text("[metric", encoding="utf-8")


@pytest.mark.parametrize("spoil", [without_data, with_garbage, with_bad_definitions])
def test_a_workspace_without_any_answer_is_told_in_the_stamps_and_its_folder_is_not(company, spoil):
    folder, emulator = company
    kpi(folder)
    shutil.copy(folder / "warehouse.duckdb", folder / "kept")
    spoil(folder)
    code, (line,) = kpi(folder)
    stamp = str(emulator.user(ID).value("KPIs", "B3"))
    assert (code, line.startswith("deals: failed: ")) == (1, True)
    assert stamp.startswith("Not refreshed: ") and STAMP in stamp and str(folder) not in stamp
    (folder / "kept").replace(folder / "warehouse.duckdb")
    shutil.rmtree(folder / "metrics", ignore_errors=True)
    assert kpi(folder)[0] == 0
    assert str(emulator.user(ID).value("KPIs", "B3")).startswith(STAMP)


@pytest.mark.parametrize("names", [("t3",), ("t0", "t1", "t9")])
def test_stamps_that_google_refuses_together_are_told_one_by_one(names):
    emulator = emulated(100, 60)
    tables = [sheet(f"t{number}", (2, 3 * number)) for number in range(10)]
    run(emulator, *((table, TWO) for table in tables))
    google = RefusingSome(emulator)
    google.names = names

    def fill(table):
        raise UnknownName("KPI", "x", ())

    outcomes = sync(tables, fill, google, MadeUpClock(), run_id="failing")
    assert {outcome.status for outcome in outcomes} == {"failed"}
    told = [value for value in shown(emulator).values() if str(value).startswith("Not refreshed: no KPI named")]
    assert len(told) == 10 - len(names)
    assert google.requests <= 20


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("/somewhere/kpis/warehouse.duckdb: it is none.", "warehouse.duckdb: it is none."),
        (r"D:\data\kpi.toml: no.", "kpi.toml: no."),
        ("see https://docs.google.com/a/b, 1/2/3 and/or 4", "see https://docs.google.com/a/b, 1/2/3 and/or 4"),
    ],
)
def test_folders_of_a_machine_are_not_told_to_who_reads_the_spreadsheet(reason, told):
    assert failed_stamp("Data", reason) == f"Not refreshed: {told} (Data)"
