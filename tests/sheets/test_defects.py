"""What nobody foresaw in one table, ours or a plugin's, is a line of that table: all others are written."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kpicore.testing import MadeUpClock, run_kpi
from kpicore.testing.sheets import Emulator
from kpicore_crm.testing import load_tiny_company
from kpicore_sheets.filling import Filled
from kpicore_sheets.google import client
from kpicore_sheets.port import Denied
from kpicore_sheets.sync import run as runs
from kpicore_sheets.sync.run import sync, would_change
from kpicore_sheets.sync.status_file import StatusFile
from kpicore_sheets.table import SheetTable
from tests.sheets.direct import DirectSpreadsheets
from tests.sheets.grids import ID, TWO, emulated, filled, sheet, shown

OTHER = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfG"
TABLES = """
[[sheet]]
name = "broken"
spreadsheet = "{ID}"
tab = "KPIs"
report = "any"
period = "2025"

[[sheet]]
name = "answers"
spreadsheet = "{ID}"
formulas = true

[[sheet]]
name = "deals"
spreadsheet = "{ID}"
tab = "KPIs"
cell = "B9"
kpis = ["won_deals"]
period = "2025"
""".replace("{ID}", OTHER)
PLUGIN = """
from kpicore import Feature, hookimpl

def report(*_, **__):
    raise {error}

@hookimpl
def kpi_features():
    yield Feature("report", "Reports that break.", lambda workspace: report)
"""


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Emulator]:
    """Give a workspace with three tables, and the spreadsheet that they write."""
    emulator = Emulator()
    emulator.add(OTHER, {"KPIs": (20, 8)})
    monkeypatch.setattr(client, "spreadsheets", lambda config, clock: DirectSpreadsheets(emulator))
    folder = tmp_path / "acme"
    load_tiny_company(folder)
    with (folder / "kpi.toml").open("a", encoding="utf-8") as file:
        file.write(TABLES)
    return folder, emulator


@pytest.fixture
def broken_plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Give what installs a plugin whose reports raise something, in the place of ours."""
    info = tmp_path / "site" / "kpicore_broken-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: kpicore-broken\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[kpicore]\nbroken = broken_reports\n")
    monkeypatch.syspath_prepend(str(info.parent))
    monkeypatch.setenv("KPI_DISABLE", "reports")
    monkeypatch.delitem(sys.modules, "broken_reports", raising=False)
    return lambda error: (info.parent / "broken_reports.py").write_text(PLUGIN.format(error=error))


def kpi(folder: Path, *words: str) -> tuple[int, str]:
    result = run_kpi("sheets", *words, "--workspace", str(folder))
    assert "Traceback" not in result.output
    return result.exit_code, result.output


@pytest.mark.parametrize("error", ["KeyError('range')", "ValueError('no such number')", "ZeroDivisionError()"])
def test_a_plugin_that_breaks_while_a_table_is_read_takes_no_other_one_down(company, broken_plugin, error):
    folder, emulator = company
    broken_plugin(error)
    code, told = kpi(folder, "sync")
    line, *others = told.splitlines()
    assert code == 1 and line.startswith(f"broken: failed: internal error, {error.partition('(')[0]}")
    assert line.endswith("Run with KPI_DEBUG=1 for the traceback.")
    assert [other.split(",")[0] for other in others] == ["answers: written", "deals: written"]
    assert emulator.user(OTHER).value("KPIs", "B10") == "Deals won"
    assert StatusFile(folder).read()["broken"].outcome.error == line.removeprefix("broken: failed: ")
    code, told = kpi(folder, "sync", "--dry-run")
    assert code == 1 and "deals: nothing changes" in told


@pytest.mark.parametrize("error", ["KeyboardInterrupt()", "SystemExit(7)"])
def test_who_stops_it_is_obeyed(company, broken_plugin, error):
    folder, emulator = company
    broken_plugin(error)
    assert kpi(folder, "sync")[0] in (7, 130)
    assert emulator.user(OTHER).value("KPIs", "B10") is None


def test_a_named_range_whose_cells_are_gone_is_no_cause_to_stop(company):
    folder, emulator = company
    user = emulator.user(OTHER)
    user.add_tab("scratch")
    user.name_range("prices", "scratch", "A1:A5")
    user.type("KPIs", "G1", '=KPI_WON_DEALS("2025"; "rep"; prices)')
    user.type("KPIs", "G2", '=KPI_WON_DEALS("2025")')
    user.delete_tab("scratch")
    assert "answers: written, 1 row" in kpi(folder, "sync", "answers", "deals")[1]


def run(emulator: Emulator, *broken: str, dry: bool = False):
    """Write two tables of which some cannot be filled."""

    def fill(table: SheetTable) -> Filled:
        if table.name in broken:
            raise LookupError("\x1b[2Jof a plugin\n" + "x" * 60_000)
        return filled(TWO)

    tables, google = [sheet("one"), sheet("two", (12, 1))], DirectSpreadsheets(emulator)
    if dry:
        return would_change(tables, fill, google, MadeUpClock())
    return sync(tables, fill, google, MadeUpClock(), run_id="r")


@pytest.mark.parametrize("dry", [False, True])
def test_the_line_of_a_defect_is_one_line_that_can_be_read(dry):
    one, two = run(emulated(), "one", dry=dry)
    assert one.error.startswith("internal error, LookupError: \\x1b[2Jof a plugin\\nxxx") and len(one.error) < 400
    assert two.error == ""


def test_a_defect_while_one_spreadsheet_is_written_is_told_of_its_tables_and_not_of_others(monkeypatch):
    emulator = emulated()
    emulator.add("another", {"KPIs": (20, 8)})

    def broken(*_):
        raise KeyError("stamp")

    monkeypatch.setattr(runs, "tell_failures", broken)
    tables = [sheet("one"), SheetTable("two", "another", sheet().content, "KPIs")]
    told = sync(tables, lambda _: filled(TWO), DirectSpreadsheets(emulator), MadeUpClock(), run_id="r")
    assert [outcome.status for outcome in told] == ["written", "written"] and "B3" in shown(emulator)
    monkeypatch.setattr(
        DirectSpreadsheets, "batch_update", lambda google, spreadsheet, body: {"replies": 5}[spreadsheet]
    )
    told = sync(tables, lambda _: filled(TWO), DirectSpreadsheets(emulated()), MadeUpClock(), run_id="s")
    assert told[0].error == f"internal error, KeyError: '{ID}'. Run with KPI_DEBUG=1 for the traceback."
    assert told[1].status == "failed"


def test_a_login_that_cannot_be_read_is_the_last_try_of_each_table(company, monkeypatch):
    folder, _ = company
    kpi(folder, "sync", "deals")

    def denied(*_):
        raise Denied("no credentials for Google.", hint="Make some.")

    monkeypatch.setattr(client, "spreadsheets", denied)
    assert kpi(folder, "sync")[0] == 1
    kept = StatusFile(folder).read()
    assert {name: status.outcome.status for name, status in kept.items()} == dict.fromkeys(kept, "failed")
    deals = kept["deals"]
    assert deals.outcome.error == "no credentials for Google. Make some."
    assert deals.outcome.place == "'KPIs'!B9:B11" and deals.last_success is not None
    assert deals.last_success <= deals.last_try
    assert "deals: failed: no credentials for Google. Make some." in kpi(folder, "status")[1]
