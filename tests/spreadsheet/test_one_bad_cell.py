"""One cell that cannot be read, asked or shown is one error; the others are answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpicore import BadArgument, CellCall, CellFailure, Cells, Engine, answer_json, request_from_json
from kpicore.spreadsheet import answering, room
from kpicore.spreadsheet.requests import MOST_GIVEN
from kpicore_crm.testing import load_tiny_company

GOOD = ["KPI_WON_DEALS", ["2025-Q1"]]
WON = CellCall("KPI_WON_DEALS", ("2025-Q1",))

UNREADABLE = [
    None,
    [],
    "KPI_WON_DEALS",
    {"KPI_WON_DEALS": []},
    ["KPI_X"],
    ["KPI_X", "2025"],
    [1, []],
    ["KPI_X", [], []],
    ["KPI_X", [{"a": 1}]],
    ["KPI_X", [{"date": "soon"}]],
    ["KPI_X", [{"date": "2025-02-30"}]],
    ["KPI_X", [{"date": "\ud800"}]],
    ["KPI_X", [{"error": "oops"}]],
    ["KPI_X", [{"error": ["#N/A"]}]],
    ["KPI_X", [[[1, 2], [3]]]],
    ["KPI_X", [[[[1]]]]],
    ["KPI_X", [[[1]] * (MOST_GIVEN + 1)]],
]


@pytest.mark.parametrize("bad", UNREADABLE, ids=[str(each)[:40] for each in UNREADABLE])
def test_a_call_that_cannot_be_read_fails_in_its_place(tiny_cells, bad):
    first, failure, last = answer_json(tiny_cells, {"calls": [GOOD, bad, GOOD]})["results"]
    assert (first, last) == (4, 4)
    assert failure["error"] == "#VALUE!"
    assert failure["message"] and "\n" not in failure["message"]


def test_two_thousand_calls_of_which_one_is_unreadable_have_one_error(tiny_cells):
    results = answer_json(tiny_cells, {"calls": [GOOD] * 999 + [[1]] + [GOOD] * 1_000})["results"]
    assert [place for place, each in enumerate(results) if each != 4] == [999]


def test_arguments_are_taken_until_there_is_no_room_for_one_and_then_those_that_fit(tiny_cells):
    large, small = ["KPI_SALES_CYCLE_CALC", [[[2]] * 120_000]], ["KPI_SALES_CYCLE_CALC", [[[2]] * 70_000]]
    results = answer_json(tiny_cells, {"calls": [large, large, small, GOOD]})["results"]
    assert [results[0], results[2], results[3]] == [2, 2, 4]
    assert results[1]["message"] == (
        "the calls of one request hold at most 200,000 cells, and this one goes beyond. Send smaller ranges."
    )


def test_results_hold_so_many_cells_and_the_tables_beyond_fail(tiny_cells, monkeypatch):
    monkeypatch.setattr(room, "MOST_CELLS", 25)
    table = CellCall("KPI_TABLE", ("won_deals", "2025-H1", "quarter", "channel"))  # 5 rows of 3 cells
    small = CellCall("KPI_TABLE", ("won_deals", "2025-Q1"))
    first, second, third, won = tiny_cells.answer([table, table, small, WON]).results
    assert (len(first), third, won) == (5, (("won_deals",), (4.0,)), 4.0)
    assert second.message.startswith("the results of one request have at most 25 cells")


def test_explanations_and_the_catalogue_take_room_as_tables_do(tiny_cells, monkeypatch):
    monkeypatch.setattr(room, "MOST_CELLS", 80)
    explained = CellCall("KPI_EXPLAIN", ("win_rate", "2025-Q1"))
    first, *others = tiny_cells.answer([explained] * 3 + [CellCall("KPI_LIST"), WON]).results
    assert len(first) > 5 and others[-1] == 4.0
    assert others[1][0][0] == "No answer" and "at most 80 cells" in others[1][0][1]
    assert "at most 80 cells" in others[2].message


def test_a_table_that_is_too_large_is_refused_before_a_value_is_computed(tiny_cells, monkeypatch):
    tiny_cells.answer([WON])

    def computed(*asked):
        raise AssertionError("a value was computed")

    monkeypatch.setattr(Engine, "tables", computed)
    monkeypatch.setattr(Engine, "tables_of", computed)
    monkeypatch.setattr(Engine, "answer", computed)
    monkeypatch.setattr(room, "MOST_IN_TABLE", 20)
    [days, members] = tiny_cells.answer(
        [
            CellCall("KPI_TABLE", ("won_deals", "2025-Q1", "day")),
            CellCall("KPI_TABLE", ("won_deals", "2025-H1", "month", "channel")),
        ]
    ).results
    assert days == CellFailure("#VALUE!", "the table has 90 rows of 2. At most 20 cells: ask for less.")
    assert members == CellFailure("#VALUE!", "the table has 13 rows of 3. At most 20 cells: ask for less.")


def broken(*given: object) -> object:
    raise KeyError("/secret/path")


@pytest.fixture
def strangers(tiny_folder):
    """Give cells whose callers are strangers, and the lines that the operator is told."""
    lines: list[str] = []
    found = Cells(tiny_folder, lines.append)
    yield found, lines
    found.close()


@pytest.mark.parametrize("step", ["catalogue", "explanation", "first_failure", "calculated_cell"])
def test_a_defect_while_one_call_is_read_or_shown_is_its_error(strangers, monkeypatch, step):
    cells, lines = strangers
    calls = {
        "catalogue": CellCall("KPI_LIST"),
        "explanation": CellCall("KPI_EXPLAIN", ("win_rate", "2025")),
        "first_failure": CellCall("KPI_WIN_RATE", ("2025",)),
        "calculated_cell": CellCall("KPI_CAC_CALC", (1.0, 2.0)),
    }
    sound = getattr(answering, step)
    only = calls[step].arguments
    monkeypatch.setattr(
        answering, step, lambda *given: broken() if step != "first_failure" or given[0] == only else sound(*given)
    )
    won, failure, again = cells.answer([WON, calls[step], WON]).results
    assert (won, again) == (4.0, 4.0)
    told = failure[0][1] if isinstance(failure, tuple) else failure.message
    assert told == "Internal error of the server. Who runs it finds one line about it in its log."
    assert lines == ["internal error, KeyError: '/secret/path'"]


@pytest.mark.parametrize(
    "bad", [{"2025-01"}, {"2025-01", "2025-05", "2025-06"}, {f"2025-{month:02}" for month in range(1, 13)}]
)
def test_a_batch_that_breaks_because_of_some_questions_answers_the_others(strangers, monkeypatch, bad):
    cells, lines = strangers
    sound = Engine.answer

    def answered(engine, questions):
        if any(question.period.key in bad for question in questions):
            raise ZeroDivisionError("of a plugin")
        return sound(engine, questions)

    monkeypatch.setattr(Engine, "answer", answered)
    months = [f"2025-{month:02}" for month in range(1, 13)]
    results = cells.answer([CellCall("KPI_WON_DEALS", (each,)) for each in months]).results
    assert {month for month, each in zip(months, results, strict=True) if getattr(each, "code", "") == "#VALUE!"} == bad
    assert lines == ["internal error, ZeroDivisionError: of a plugin"]


def test_a_batch_in_which_all_break_is_not_tried_without_end(strangers, monkeypatch):
    cells, lines = strangers
    cells.answer([WON])
    tried = []

    def answered(engine, questions):
        tried.append(len(questions))
        raise ZeroDivisionError("of a plugin")

    monkeypatch.setattr(Engine, "answer", answered)
    calls = [
        CellCall("KPI_WON_DEALS", (f"2024-01-01..{day}",))
        for day in (f"2025-{m:02}-{d:02}" for m in range(1, 13) for d in range(1, 29))
    ]
    results = cells.answer(calls).results
    assert {result.code for result in results} == {"#VALUE!"}
    assert len(tried) <= 150 and len(lines) == 1


def test_who_runs_it_for_himself_reads_what_broke(tmp_path: Path, monkeypatch):
    load_tiny_company(tmp_path)
    cells = Cells(tmp_path)
    monkeypatch.setattr(answering, "catalogue", broken)
    [failure] = cells.answer([CellCall("KPI_LIST")]).results
    assert failure == CellFailure("#VALUE!", "internal error, KeyError: '/secret/path'")
    cells.close()


@pytest.mark.parametrize("part", [b"[],", b"{},", b"0,", b"[[],"])
def test_a_request_of_more_values_than_any_may_hold_is_refused_before_they_are_made(part):
    with pytest.raises(BadArgument, match=r"^The request has more than 2,500,000 commas and brackets\."):
        request_from_json(b'{"calls":[["KPI",[' + part * 2_500_001)


def test_a_whole_column_of_a_sheet_among_the_arguments_is_an_error_of_its_call_alone(tmp_path):
    load_tiny_company(tmp_path)
    column = b"[" + b"[null]," * 1_048_575 + b"[null]]"
    request = request_from_json(
        b'{"calls":[["KPI_WON_DEALS",["2025-Q1"]],["KPI_WIN_RATE",[2025,"rep",' + column + b"]]]}"
    )
    good, bad = answer_json(Cells(tmp_path), request)["results"]
    assert (good, bad["error"]) == (4, "#VALUE!")
    assert bad["message"].startswith("the calls of one request hold at most 200,000 cells")
