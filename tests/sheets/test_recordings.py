"""The emulator answers as Google did, as far as that was recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sheets.recordings import PAGE, TIMES, Replay, page, replays


@pytest.fixture(scope="module")
def results(shared_data: Path) -> list[Replay]:
    folder = shared_data / "gspread_cassettes"
    if not folder.is_dir():
        pytest.skip(f"the recordings of Google's answers are not here: {folder}")
    return replays(folder)


def test_all_recordings_are_there(results):
    assert (len(results), sum(result.count for result in results)) == (32, 486)


def test_no_answer_differs_without_a_reason(results):
    assert [wrong for result in results for wrong in result.wrong] == []


def test_nothing_that_was_recorded_is_unknown(results):
    assert [request for result in results for request in result.unknown] == []


def test_only_the_times_of_files_differ(results):
    assert {reason for result in results for reason in result.reasons} == {TIMES}


def test_the_page_about_recordings_is_up_to_date(results):
    assert PAGE.read_text(encoding="utf-8") == page(results)
