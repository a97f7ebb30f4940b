"""A number of thousands of digits in a request is an error of its cell; every other cell is answered."""

from __future__ import annotations

import json

import pytest

from kpicore import answer_json, request_from_json

GOOD = '["KPI_WON_DEALS", ["2025-Q1"]]'
LENGTHS = (310, 600, 601, 4_300, 4_301, 4_000_000)
PLACES = {
    "an argument": ('["KPI_CAC_CALC", [{}, 2]]', "#NUM!"),
    "a negative one": ('["KPI_CAC_CALC", [-{}, 2]]', "#NUM!"),
    "a cell of a range": ('["KPI_SALES_CYCLE_CALC", [[[1], [{}]]]]', "#NUM!"),
    "the value of a pair": ('["KPI_WIN_RATE", ["2025", "rep", {}]]', "#NUM!"),
    "a period": ('["KPI_WIN_RATE", [{}]]', "#NUM!"),
    "the name of a function": ('[{}, ["2025"]]', "#VALUE!"),
    "a whole call": ("{}", "#VALUE!"),
    "a date": ('["KPI_WIN_RATE", [{{"date": {}}}]]', "#VALUE!"),
    "an error": ('["KPI_WIN_RATE", [{{"error": {}}}]]', "#VALUE!"),
}


def results(cells, call: str) -> list[object]:
    text = f'{{"calls": [{GOOD}, {call}, {GOOD}]}}'.encode()
    found = answer_json(cells, request_from_json(text))
    json.dumps(found, allow_nan=False)
    return found["results"]


def test_a_number_of_more_digits_than_python_reads_is_an_error_of_its_cell_as_1e400_is(tiny_cells):
    told = results(tiny_cells, '["KPI_CAC_CALC", [1e400, 2]]')
    assert told == [4, {"error": "#NUM!", "message": "a number is none, or too large for a cell."}, 4]
    assert results(tiny_cells, f'["KPI_CAC_CALC", [{"9" * 4_301}, 2]]') == told


@pytest.mark.parametrize("digits", LENGTHS)
@pytest.mark.parametrize("place", PLACES)
def test_wherever_a_long_number_stands_the_other_calls_are_answered(tiny_cells, place, digits):
    call, code = PLACES[place]
    first, failure, last = results(tiny_cells, call.format("9" * digits))
    assert (first, last) == (4, 4)
    assert failure["error"] == code
    assert len(failure["message"]) < 1_100 and "\n" not in failure["message"]


def test_numbers_beside_a_long_one_are_read_as_they_are_without_it(tiny_cells):
    [given] = request_from_json(f"[[{'9' * 5_000}, 12, -7, 2.5, 0, {'1' * 400}]]".encode())
    assert given[1:5] == [12, -7, 2.5, 0] and given[5] == int("1" * 400)
