"""Where an answer comes from: the hidden tab first, then the script's cache, then the server."""

from __future__ import annotations

import json

import pytest

from tests.sheets.script.google import STAMP, answers_tab

TOLD = "kpi fedcba9876543210"


def key(name, *values):
    return json.dumps([name, list(values)], separators=(",", ":"), ensure_ascii=False)


def tab(*rows, **head):
    return answers_tab(*((key, json.dumps(result)) for key, result in rows), **head)


def test_what_stands_in_the_hidden_tab_is_not_asked(sheet):
    sheet.fill([[""]], _kpi=tab((key("KPI_WON_DEALS", 2025), 41), (key("KPI_WIN_RATE", "2025-Q1", "rep", "Ünal"), 0.5)))
    assert sheet.cell("KPI_WON_DEALS", 2025) == 41
    assert sheet.cell("KPI_WIN_RATE", "2025-Q1", "rep", "Ünal", STAMP) == 0.5
    assert sheet.fetches == []


def test_errors_dates_and_tables_in_the_hidden_tab_are_shown_as_those(sheet):
    failure = {"error": "#N/A", "message": "no data"}
    rows = [["period", "won_deals"], ["2025-01", failure]]
    sheet.fill(
        [[""]],
        _kpi=tab(
            (key("KPI_WON_DEALS", 1999), failure),
            (key("KPI_ASOF"), {"date": "2025-07-15T12:00:00"}),
            (key("KPI_TABLE", "won_deals", 2025), rows),
        ),
    )
    assert sheet.thrown("KPI_WON_DEALS", 1999) == "#N/A no data"
    assert sheet.cell("KPI_ASOF") == {"date": "2025-07-15T12:00:00"}
    assert sheet.cell("KPI_TABLE", "won_deals", 2025) == [["period", "won_deals"], ["2025-01", "#N/A no data"]]
    assert sheet.fetches == []


@pytest.mark.parametrize("text", ["", "no json", "{", None, "41", 41, "7"])
def test_what_somebody_wrote_over_an_answer_is_asked(sheet, text):
    hidden = tab((key("KPI_WON_DEALS", 2025), 40))
    hidden["values"][1][1] = text
    sheet.fill([[""]], _kpi=hidden)
    assert sheet.cell("KPI_WON_DEALS", 2025) == 7


def test_answers_that_were_sorted_away_from_their_questions_are_asked(sheet):
    hidden = tab((key("KPI_WON_DEALS", 2025), 41), (key("KPI_WON_DEALS", "2025-Q1"), 42))
    (_, (_, _, one), (_, second, two)) = hidden["values"]
    for columns in ((second, one), (second, two)):
        hidden["values"][1][1:] = columns
        sheet.fill([[""]], _kpi=hidden)
        assert sheet.cell("KPI_WON_DEALS", 2025) == 7


def test_a_copy_of_the_spreadsheet_does_not_go_on_with_the_answers_of_that_day(sheet):
    sheet.fill([[""]], _kpi=tab((key("KPI_WON_DEALS", 2025), 41)))
    sheet.set(id="copy")
    assert sheet.cell("KPI_WON_DEALS", 2025) == 7
    sheet.set(cache={}, properties={})
    assert sheet.thrown("KPI_WON_DEALS", 2025).startswith("#N/A This spreadsheet has no token yet.")


@pytest.mark.parametrize("stamp", ["", "x" * 300, 5, "kpi", {"date": "2025-01-01"}])
def test_a_tab_whose_stamp_somebody_wrote_over_is_not_read(sheet, stamp):
    sheet.fill([[""]], _kpi=tab((key("KPI_WON_DEALS", 2025), 41), stamp=stamp))
    assert sheet.cell("KPI_WON_DEALS", 2025) == 7


def test_a_tab_of_that_name_that_is_none_of_ours_is_not_read(sheet):
    sheet.fill([[""]], _kpi=tab((key("KPI_WON_DEALS", 2025), 41), kind="my notes"))
    assert sheet.cell("KPI_WON_DEALS", 2025) == 7


def test_what_was_asked_is_kept_for_all_cells(sheet):
    assert [sheet.cell("KPI_WON_DEALS", 2025) for _ in range(3)] == [7, 7, 7]
    assert sheet.thrown("KPI_WON_DEALS", 1999) == sheet.thrown("KPI_WON_DEALS", 1999)
    assert len(sheet.fetches) == 2


def test_a_new_stamp_in_the_tab_is_a_new_cache(sheet):
    for stamp, fetches in ((STAMP, 1), (STAMP, 1), (TOLD, 2)):
        sheet.fill([[""]], _kpi=tab(stamp=stamp))
        assert sheet.cell("KPI_WON_DEALS", 2025) == 7
        assert len(sheet.fetches) == fetches


def test_long_answers_are_kept_by_themselves_and_the_longest_not_at_all(sheet):
    table = [["x" * 1_000] * 5]
    for size, fetches in ((1, 1), (20, 2)):
        sheet.reply = lambda fetch, size=size: (200, json.dumps({"results": [table * size for _ in fetch.calls]}))
        sheet.fetches.clear()
        shown = [sheet.cell("KPI_TABLE", "won_deals", 2000 + size) for _ in range(2)]
        assert shown == [table * size] * 2
        assert len(sheet.fetches) == fetches


def test_a_bucket_that_is_full_keeps_the_newest(sheet):
    sheet.reply = lambda fetch: (200, json.dumps({"results": ["y" * 1_500 for _ in fetch.calls]}))
    periods = [[str(number)] for number in range(2_000)] * 3
    for start in range(0, 6_000, 2_000):
        sheet.cell("KPI_WON_DEALS", periods[start : start + 2_000])
    sheet.cell("KPI_WON_DEALS", "last")
    asked = len(sheet.fetches)
    assert sheet.cell("KPI_WON_DEALS", "last") == "y" * 1_500
    assert len(sheet.fetches) == asked


def test_keys_that_are_longer_than_google_allows_are_no_trouble(sheet):
    reps = [[f"Ann Lee [u{number}] {'é' * 40}"] for number in range(990)] + [["Ann Lee [u1]"]]
    for _ in range(2):
        assert sheet.thrown("KPI_WON_DEALS", 2025, "rep", reps).startswith("#VALUE!")
    assert sheet.thrown("KPI_WON_DEALS", "2025-Q1", "é" * 300, "x").startswith("#VALUE!")
    assert 2 <= len(sheet.fetches) <= 3
