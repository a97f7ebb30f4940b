"""The file that keeps how each table does: whole, mended where it is foreign, and without secrets."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore_sheets.sync.outcome import TableOutcome
from kpicore_sheets.sync.status_file import FILE, StatusFile, TableStatus

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=5)


def test_what_is_recorded_is_read(tmp_path):
    file = StatusFile(tmp_path)
    outcome = TableOutcome(
        "funnel", "written", 12, 2, "repaired 1 cell.", "", "'KPIs'!B3:F20", "c0", "5e77", "9x9", "7", "1Ab"
    )
    file.record([outcome], NOON)
    assert file.read() == {"funnel": TableStatus(outcome, NOON, NOON)}


def test_a_failure_keeps_when_it_went_well_last_and_other_tables_stay(tmp_path):
    file = StatusFile(tmp_path)
    place = {"place": "'KPIs'!B3:F20", "content": "c0", "settings": "5e77"}  # the next run needs these all the same
    well, refused = (
        TableOutcome("funnel", "unchanged", 12, 1, **place),
        TableOutcome("deals", "refused", error="no room."),
    )
    file.record([well, refused], NOON)
    file.record([TableOutcome("funnel", "failed", 0, 3, error="Google is away.")], LATER)
    assert file.read() == {
        "deals": TableStatus(TableOutcome("deals", "refused", error="no room."), NOON, None),
        "funnel": TableStatus(TableOutcome("funnel", "failed", 0, 3, error="Google is away.", **place), LATER, NOON),
    }


def test_moments_of_other_zones_and_lines_of_any_length_are_kept_as_one_line(tmp_path):
    file = StatusFile(tmp_path)
    moment = datetime.fromisoformat("2026-03-02T13:00:00.5+01:00")
    file.record([TableOutcome("a", "failed", error="x\n\x1b[2J\ud800" + "y" * 5_000)], moment)
    status = file.read()["a"]
    assert status.last_try == NOON
    error = status.outcome.error
    assert error.startswith("x\\n\\x1b[2J\\ud800yyy")
    assert len(error) == 1_000


ENTRY = {"last_try": "2026-03-02T12:00:00+00:00", "last_success": None, "status": "written", "rows": 1, "requests": 1}
OURS = {**ENTRY, "message": "", "error": ""}
WRONG = [
    {"last_try": "yesterday"},
    {"last_try": "2026-03-02T12:00:00"},
    {"last_try": 5},
    {"last_success": True},
    {"status": "fine"},
    {"rows": -1},
    {"rows": True},
    {"requests": "1"},
    {"error": None},
    {"message": 7},
]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_an_entry_that_is_not_ours_makes_the_file_foreign(tmp_path, wrong):
    write(tmp_path, json.dumps({"format": "kpicore sheets status 1", "tables": {"a": {**OURS, **wrong}}}))
    told: list[str] = []
    assert StatusFile(tmp_path, told.append).read() == {}
    assert len(told) == 1


FOREIGN = [
    *("", "{", "[]", "null", "7", '{"format": "other", "tables": {}}', '{"format": "kpicore sheets status 1"}'),
    '{"format": "kpicore sheets status 1", "tables": []}',
    '{"format": "kpicore sheets status 1", "tables": {"a": 1}}',
    "[" * 100_000,
    '{"format": ' + "9" * 5_000 + "}",
    "x" * 9_000_000,
]


@pytest.mark.parametrize("text", FOREIGN, ids=lambda text: f"{text[:60]} ({len(text)})")
def test_a_foreign_file_is_told_in_one_line_and_replaced(tmp_path, text):
    write(tmp_path, text)
    told: list[str] = []
    file = StatusFile(tmp_path, told.append)
    assert file.read() == {}
    assert told == [f"{tmp_path / FILE}: it is not as `kpi sheets` writes it. The next run replaces it."]
    file.record([TableOutcome("funnel", "written")], NOON)
    assert list(StatusFile(tmp_path, pytest.fail).read()) == ["funnel"]


@given(st.binary(max_size=40))
def test_no_bytes_make_it_stumble(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("status")
    (folder / FILE).write_bytes(content)
    assert StatusFile(folder).read() == {}


def test_what_cannot_be_read_is_told(tmp_path):
    (tmp_path / FILE).mkdir()
    told: list[str] = []
    assert StatusFile(tmp_path, told.append).read() == {}
    assert len(told) == 1
    assert FILE in told[0]


def test_without_a_file_nothing_is_told(tmp_path):
    assert StatusFile(tmp_path, pytest.fail).read() == {}


def write(folder: Path, text: str) -> None:
    (folder / FILE).write_text(text, encoding="utf-8")
