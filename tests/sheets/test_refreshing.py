"""What brings tables up to date again and again: it logs in once, and anew when something went wrong."""

from __future__ import annotations

import pytest

from kpicore_crm.testing import load_tiny_company
from kpicore_sheets.google import client
from kpicore_sheets.port import Denied
from kpicore_sheets.refreshing import refresher
from kpicore_sheets.table import KpiContent, SheetTable
from tests.sheets.direct import DirectSpreadsheets, SetClock
from tests.sheets.grids import ID, emulated

DEALS = SheetTable("deals", ID, KpiContent(("won_deals",), "2025-H1", "quarter"), "KPIs", None, 2, 1)


@pytest.fixture
def logins(monkeypatch) -> list[DirectSpreadsheets]:
    """Give the logins so far, and an emulator that each of them reaches."""
    made, emulator = list[DirectSpreadsheets](), emulated()

    def spreadsheets(config, clock):
        made.append(DirectSpreadsheets(emulator))
        return made[-1]

    monkeypatch.setattr(client, "spreadsheets", spreadsheets)
    return made


def test_a_login_is_kept_while_all_goes_well(tmp_path, logins):
    load_tiny_company(tmp_path)
    refresh = refresher(tmp_path, SetClock())
    assert [refresh([DEALS])[0].status for _ in range(3)] == ["written", "unchanged", "unchanged"]
    assert len(logins) == 1


def test_after_a_failure_and_with_other_settings_it_logs_in_anew(tmp_path, logins, monkeypatch):
    load_tiny_company(tmp_path)
    refresh = refresher(tmp_path, SetClock())

    def denied(*_):
        raise Denied("the key was revoked.")

    with monkeypatch.context() as patched:
        patched.setattr(DirectSpreadsheets, "get", denied)
        assert refresh([DEALS])[0].status == "failed"
    assert refresh([DEALS])[0].status == "written"
    assert len(logins) == 2
    with (tmp_path / "kpi.toml").open("a", encoding="utf-8") as file:
        file.write('\n[sheets]\ncredentials = "other.json"\n')
    assert refresh([DEALS])[0].status == "unchanged"
    assert len(logins) == 3
