"""Somebody else answers in the server's place or writes into the hidden tab: a cell says one line, and asks again."""

from __future__ import annotations

import json

import pytest

from tests.sheets.script.google import answers_tab
from tests.sheets.script.misshapen import MISSHAPEN, NO_RESULTS
from tests.sheets.script.test_asking import NO_ANSWER


@pytest.mark.parametrize("result", NO_RESULTS, ids=json.dumps)
def test_what_is_no_result_is_told_in_one_line_and_not_kept(sheet, result):
    served = sheet.reply
    sheet.reply = lambda _: (200, json.dumps({"results": [result]}))
    assert sheet.thrown("KPI_WON_DEALS", 2025) == f"#N/A {MISSHAPEN}"
    sheet.reply = served
    assert sheet.cell("KPI_WON_DEALS", 2025) == 7


@pytest.mark.parametrize("result", NO_RESULTS, ids=json.dumps)
def test_what_is_no_result_in_the_hidden_tab_is_asked(sheet, result):
    sheet.fill([[""]], _kpi=answers_tab(('["KPI_WON_DEALS",[2025]]', json.dumps(result))))
    assert sheet.cell("KPI_WON_DEALS", 2025) == 7
    assert len(sheet.fetches) == 1


def test_the_good_answers_of_a_request_are_shown_and_kept(sheet):
    sheet.reply = lambda _: (200, json.dumps({"results": [{"date": 5}, 41]}))
    told = sheet.cell("KPI_WON_DEALS", [["2025"], ["2024"]])
    assert told == [[f"#N/A {MISSHAPEN}"], [41]]
    assert sheet.cell("KPI_WON_DEALS", "2024") == 41
    assert len(sheet.fetches) == 1


@pytest.mark.parametrize("status", [200, 302, 400, 401, 404, 413, 500])
@pytest.mark.parametrize(
    "body", ['{"refused": 5}', '{"refused": {"a": 1}}', "{}", "[]", "null", "5", '"x"', "<html>", ""]
)
def test_an_answer_that_is_none_of_our_server_is_no_fault_of_the_formula(sheet, status, body):
    sheet.reply = lambda _: (status, body)
    assert sheet.thrown("KPI_WON_DEALS", 2025) == NO_ANSWER


def test_a_refusal_of_many_lines_is_told_in_a_short_one(sheet):
    sheet.reply = lambda _: (400, json.dumps({"refused": "no\n" * 5_000}))
    assert sheet.thrown("KPI_WON_DEALS", 2025) == f"#VALUE! {'no ' * 166}n…"


@pytest.mark.parametrize("stamp", [None, 5, "", "x", {"a": 1}])
def test_a_token_is_taken_by_our_server_alone(sheet, stamp):
    sheet.reply = lambda _: (200, json.dumps({"stamp": stamp}))
    assert sheet.choose("kpiToken", "a token")["told"][-1] == NO_ANSWER


def test_a_list_of_kpis_that_is_none_is_told_in_one_line(sheet):
    sheet.set(current=["KPIs", 1, 1])
    sheet.reply = lambda _: (200, json.dumps({"results": [7]}))
    assert sheet.choose("kpiInsert", "win")["told"][-1] == f"#N/A {MISSHAPEN}"
