"""What `make sheets-live` does with people's spreadsheets, done with the emulator."""

from __future__ import annotations

import json
from datetime import date

import pytest

from kpicore.testing.sheets import Emulator, serving
from tests.sheets.canned import sheets_of
from tests.sheets.live import fields_of, main, protocol
from tests.sheets.live_tab import TITLE

DAY = date(2026, 11, 30)


def emulator(**more):
    google = Emulator(**more)
    google.add("1AbC_d-E234567890abcdef", {"Mine": (20, 5)})
    return google


def test_the_emulator_is_what_the_sync_builds_on():
    google = emulator()
    found = protocol(sheets_of(google), "1AbC_d-E234567890abcdef", [], DAY)
    assert [line for line in found.splitlines() if line.endswith("| **no** |") and "HTTP" not in line] == []
    assert found.startswith("# What was seen at Google on 2026-11-30\n") and found.count("\n## ") == 11


def test_nothing_of_it_is_left():
    google = emulator()
    read = ("GET", "/v4/spreadsheets/1AbC_d-E234567890abcdef?includeGridData=true", {}, b"")
    before = google.handle(*read)
    protocol(sheets_of(google), "1AbC_d-E234567890abcdef", [], DAY)
    assert google.handle(*read) == before


def test_a_google_that_refuses_deletions_of_nothing_is_told():
    found = protocol(sheets_of(emulator(strict_deletes=True)), "1AbC_d-E234567890abcdef", [], DAY)
    (row,) = [
        line for line in found.splitlines() if line.startswith("| to delete a mark that is elsewhere is no error")
    ]
    assert row.endswith("| **no** |") and "No developer metadata matches the filter" in row


def test_the_protocol_holds_nobodys_ids():
    found = protocol(sheets_of(emulator()), "1AbC_d-E234567890abcdef", [], DAY)
    assert "1AbC" not in found and "@" not in found and TITLE not in found.replace("`make sheets-live`", "")


def test_a_tab_that_a_broken_run_left_is_no_hindrance():
    google = emulator()
    google.handle("POST", "/v4/spreadsheets/1AbC_d-E234567890abcdef:batchUpdate", {}, json.dumps({"requests": [
        {"addSheet": {"properties": {"sheetId": 1_911_047, "title": TITLE}}},
    ]}).encode())  # fmt: skip
    protocol(sheets_of(google), "1AbC_d-E234567890abcdef", [], DAY)
    assert [tab.title for tab in google.spreadsheets["1AbC_d-E234567890abcdef"].tabs] == ["Mine"]


def test_a_refusal_is_told_by_its_fields():
    metadata = {"quota_unit": "1/min/{project}", "consumer": "projects/123456789"}
    error = {"status": "RESOURCE_EXHAUSTED", "details": [{"reason": "RATE_LIMIT_EXCEEDED", "metadata": metadata}]}
    assert fields_of(429, json.dumps({"error": error}).encode(), "30") == (
        "HTTP 429, status RESOURCE_EXHAUSTED, reasons ['RATE_LIMIT_EXCEEDED'], metadata ['consumer', 'quota_unit'] "
        "{'quota_unit': '1/min/{project}'}, Retry-After 30"
    )
    assert fields_of(502, b"<html>", None) == "HTTP 502, no JSON error"


def test_without_a_spreadsheet_it_says_how():
    with pytest.raises(SystemExit, match="make sheets-live SPREADSHEET="):
        main([])


def test_it_runs_over_a_network_and_tells_what_refusals_hold(tmp_path, monkeypatch):
    with serving(emulator(), tmp_path) as rig:
        for name, value in rig.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("tests.sheets.live.FOLDER", tmp_path / "found")
        address = "https://docs.google.com/spreadsheets/d/1AbC_d-E234567890abcdef/edit"
        assert main([address, str(rig.service_account_file)]) == 0
    (file,) = (tmp_path / "found").iterdir()
    found = file.read_text()
    assert "| a wrong id has HTTP 404 | HTTP 404, status NOT_FOUND, reasons [], metadata [] {} | yes |" in found
    assert "ya29" not in found and "@" not in found
