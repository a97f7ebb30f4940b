"""`kpi sheets sync` on the tiny company, over an emulator in this process."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpicore.testing import run_kpi
from kpicore.testing.sheets import Emulator
from kpicore_crm.testing import load_tiny_company
from kpicore_sheets.commands.waiting import ToldClock
from kpicore_sheets.google import client
from kpicore_sheets.sync.status_file import StatusFile
from tests.sheets.direct import DirectSpreadsheets

ID = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfG"
ADDRESS = f"https://docs.google.com/spreadsheets/d/{ID}/edit"
TABLE = f"""
[[sheet]]
name = "deals"
spreadsheet = "{ID}"
tab = "KPIs"
cell = "B3"
kpis = ["won_deals", "win_rate"]
period = "2025-H1"
grain = "quarter"
"""


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Emulator]:
    """Give a workspace with one `[[sheet]]`, and the spreadsheet that it writes."""
    emulator = Emulator()
    emulator.add(ID, {"KPIs": (20, 8)})
    monkeypatch.setattr(client, "spreadsheets", lambda config, clock: DirectSpreadsheets(emulator))
    load_tiny_company(tmp_path)
    with (tmp_path / "kpi.toml").open("a", encoding="utf-8") as file:
        file.write(TABLE)
    return tmp_path, emulator


def kpi(folder: Path, *arguments: str) -> tuple[int, list[str]]:
    result = run_kpi("sheets", "sync", *arguments, "--workspace", str(folder))
    return result.exit_code, [line.replace(str(folder), "").lstrip("/\\") for line in result.output.splitlines()]


def test_a_run_tells_each_table_in_a_line_and_keeps_it(company):
    folder, emulator = company
    assert kpi(folder) == (0, ["deals: written, 2 rows, 3 requests"])
    assert emulator.user(ID).value("KPIs", "B4") == "Period"
    assert kpi(folder, "deals") == (0, ["deals: unchanged, 2 rows, 1 request"])
    assert StatusFile(folder).read()["deals"].outcome.place == "'KPIs'!B3:D6"


def test_a_dry_run_shows_the_cells_and_writes_nothing(company):
    folder, emulator = company
    code, lines = kpi(folder, "--dry-run")
    assert (code, lines[0], lines[2]) == (0, "deals: 10 cells", "  KPIs!B4:D4 new: Period | Deals won | Win rate")
    assert {entry.method for entry in emulator.log} == {"GET"}
    assert not (folder / "sheets-status.json").exists()
    kpi(folder)
    assert kpi(folder, "--dry-run") == (0, ["deals: nothing changes"])


def test_a_table_that_is_refused_ends_the_run_with_1_and_takes_no_other_down(company):
    folder, emulator = company
    emulator.user(ID).type("KPIs", "C5", "mine")
    other = TABLE.replace("deals", "other", 1).replace("B3", "F3")
    wrong = TABLE.replace("deals", "wrong", 1).replace("B3", "A12").replace('"win_rate"', '"win_rat"')
    with (folder / "kpi.toml").open("a", encoding="utf-8") as file:
        file.write(other + wrong)
    code, lines = kpi(folder)
    assert code == 1
    assert lines[0].startswith("deals: refused: C5 holds something")
    assert lines[0].endswith("C5 holds something that is not kpicore's. Move it, or choose another cell.")
    assert lines[1].startswith("other: written, 2 rows, ")
    assert lines[2].startswith("wrong: failed: ")
    assert lines[2].endswith("no KPI named 'win_rat'. Did you mean 'win_rate'?")
    assert kpi(folder, "--dry-run", "wrong") == (1, ["wrong: no KPI named 'win_rat'. Did you mean 'win_rate'?"])


def test_a_table_that_is_no_longer_in_kpi_toml_is_told_once_and_its_cells_stay(company):
    folder, emulator = company
    kpi(folder)
    text = (folder / "kpi.toml").read_text(encoding="utf-8").replace('"deals"', '"sales"').replace('"B3"', '"F3"')
    (folder / "kpi.toml").write_text(text, encoding="utf-8")
    assert "deals: no longer in kpi.toml; its cells stay" in run_kpi("sheets", "status", "-w", str(folder)).stdout
    code, lines = kpi(folder, "sales")  # who asks for one table is told of no other
    assert (code, lines) == (0, ["sales: written, 2 rows, 3 requests"])
    assert kpi(folder)[1][1] == (
        f"deals: no longer in kpi.toml; its cells stay in 'KPIs'!B3:D6 of {ADDRESS}. To take it away clear them, and "
        "remove its named ranges (Data > Named ranges: kpi_deals, _kpi_deals_g…) and its protected range."
    )
    assert kpi(folder) == (0, ["sales: unchanged, 2 rows, 1 request"])
    assert (emulator.user(ID).value("KPIs", "B4"), [*StatusFile(folder).read()]) == ("Period", ["sales"])


@pytest.mark.parametrize("mode", ["replace", "history"])
def test_what_stays_in_another_spreadsheet_is_told_once(company, mode):
    folder, emulator = company
    other = ID[::-1]
    emulator.add(other, {"KPIs": (20, 8)})
    text = (folder / "kpi.toml").read_text(encoding="utf-8").replace('"B3"', f'"B3"\nmode = "{mode}"')
    (folder / "kpi.toml").write_text(text, encoding="utf-8")
    assert kpi(folder)[0] == 0
    (folder / "kpi.toml").write_text(text.replace(ID, other), encoding="utf-8")
    (line,) = kpi(folder)[1]
    stood = "'KPIs'!B3:E6" if mode == "history" else "'KPIs'!B3:D6"
    assert line.startswith("deals: written, 2 rows, ")
    assert line.endswith(f"requests. What was written before stays in {stood} of {ADDRESS}")
    assert kpi(folder) == (0, ["deals: unchanged, 2 rows, 1 request"])
    (folder / "kpi.toml").write_text(text, encoding="utf-8")
    assert f" of https://docs.google.com/spreadsheets/d/{other}/edit" in kpi(folder)[1][0]


def test_a_name_that_is_none_is_refused_with_the_nearest(company):
    folder, _ = company
    code, lines = kpi(folder, "deal")
    assert (code, lines[-1]) == (1, "kpi: no [[sheet]] named 'deal' in kpi.toml. Did you mean 'deals'?")


def test_without_a_sheet_the_command_tells_what_to_write(tmp_path):
    load_tiny_company(tmp_path)
    code, lines = kpi(tmp_path)
    assert (code, lines[-1].startswith("kpi: kpi.toml has no [[sheet]]. Write one:")) == (1, True)


def test_a_long_wait_for_google_is_told_once():
    told = list[str]()
    clock = ToldClock(told.append, is_stopped=lambda: True)
    clock.wait(1)
    assert told == []
    clock.wait(8)
    clock.wait(16)
    assert len(told) == 1 and "Ctrl-C" in told[0]


def test_a_report_whose_plugin_is_shut_out_is_told_and_takes_no_other_table_down(company, monkeypatch):
    folder, _ = company
    report = TABLE.replace("deals", "meeting", 1).replace("B3", "F3").partition("kpis")[0]
    with (folder / "kpi.toml").open("a", encoding="utf-8") as file:
        file.write(f'{report}report = "weekly_meeting"\nperiod = "2025-Q2"\n')
    monkeypatch.setenv("KPI_DISABLE", "reports")
    code, lines = kpi(folder)
    assert (code, lines[0].startswith("deals: written, 2 rows")) == (1, True)
    assert lines[1] == "meeting: failed: no plugin gives reports: theirs is shut out or broken. See: kpi plugins"
