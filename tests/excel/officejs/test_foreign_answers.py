"""Somebody else answers in the server's place, or a server of another version: a cell says one line."""

from __future__ import annotations

import json

import pytest

from tests.sheets.script.misshapen import MISSHAPEN, NO_RESULTS

LINE = {"error": "#N/A", "message": MISSHAPEN}


@pytest.mark.parametrize("result", NO_RESULTS, ids=json.dumps)
def test_what_is_no_result_is_an_error_of_its_cell_alone(excel, result):
    excel.do("answer", status=200, body=json.dumps({"stamp": "s", "results": [result, 5]}))
    told = excel.cells([["WON_DEALS", [2025, "rep", "x"]], ["WON_DEALS", [2025, "rep", "y"]]])
    assert told["results"] == [LINE, 5]


@pytest.mark.parametrize("body", [{"refused": 5}, {"refused": {"a": 1}}, {}, [], None, "no", {"refused": ""}])
@pytest.mark.parametrize("status", [400, 401, 413])
def test_a_refusal_that_is_none_of_our_server_is_told_in_one_line(excel, status, body):
    excel.do("answer", status=status, body=json.dumps(body))
    assert excel.cell("WON_DEALS", 2025, "rep", "z") == LINE
    assert excel.cell("WON_DEALS", 2025) == 7


def test_a_refusal_of_many_lines_is_told_in_a_short_one(excel):
    excel.do("answer", status=400, body=json.dumps({"refused": "no\n" * 5_000}))
    told = excel.cell("WON_DEALS", 2025, "rep", "z")
    assert told == {"error": "#VALUE!", "message": "no " * 166 + "n…"} and len(told["message"]) == 500
