"""Asking the server: all calls of the spreadsheet with the first, and what a cell says when there is no answer."""

from __future__ import annotations

import json

import pytest

from kpicore_sheets.script import answer_rows
from tests.sheets.script.google import SERVER, TOKEN, Spreadsheet, answers_tab

NO_ANSWER = "#N/A The KPI server does not answer. Is it started, and can it be reached from the internet?"


def counting(fetch):
    """Reply with the last argument of each call."""
    return 200, json.dumps({"results": [call[1][-1] for call in fetch.calls], "stamp": "0123456789abcdef"})


def fill(sheet, formulas, values=(), **tabs):
    rows = [*values, *[[""]] * (len(formulas) - len(values))]
    sheet.fill(rows, {f"{row},1": formula for row, formula in enumerate(formulas, 1)}, **tabs)


def test_the_first_cell_asks_for_all_others_and_they_ask_nothing(sheet):
    values = [["", "", f"rep {row}"] for row in range(1, 101)]
    fill(sheet, [f'=IFERROR(KPI_WON_DEALS(2025; "rep"; $C{row}; KPI_STAMP); "-")' for row in range(1, 101)], values)
    sheet.reply = counting
    calls = [["KPI_WON_DEALS", [2025, "rep", f"rep {row}"]] for row in range(1, 101)]
    done = sheet.do("calls", calls=calls)
    assert [result["value"] for result in done["results"]] == [f"rep {row}" for row in range(1, 101)]
    assert [len(fetch.calls) for fetch in sheet.fetches] == [100]


def test_ten_thousand_cells_ask_five_times_and_with_a_fresh_tab_never(sheet, cells):
    texts = [f'=KPI_WON_DEALS("2025-Q1";"rep";"rep {row}")' for row in range(1, 10_001)]
    fill(sheet, texts)
    sheet.reply = counting
    calls = [["KPI_WON_DEALS", ["2025-Q1", "rep", f"rep {row}"]] for row in range(1, 10_001)]
    done = sheet.do("calls", calls=calls[::20])
    assert [len(fetch.calls) for fetch in sheet.fetches] == [2_000] * 5
    assert done["results"][-1] == {"value": "rep 9981"}
    answers = answer_rows([("KPIs", row, 1, text) for row, text in enumerate(texts, 1)], lambda *_: None, cells)
    assert len(answers.rows) == 10_000
    sheet.set(cache={})
    fill(sheet, texts, _kpi=answers_tab(*answers.rows, stamp=answers.stamp))
    assert sheet.do("calls", calls=calls[::20])["fetches"] == 0


def test_calls_are_found_as_far_as_their_arguments_are_there_to_see(sheet):
    values = [["", "2025-Q1", "Ann Lee"], ["", {"date": "2025-01-14"}, "Bo Ek"]]
    formulas = [
        "=KPI_WON_DEALS(B1,\"rep\",'My ''own'' tab'!$A$1)",
        '=ARRAYFORMULA(KPI_WON_DEALS(B1;"rep";C1:C2))',
        '=KPI_WON_DEALS(B1;"rep";Übersicht!A1)',
        '={KPI_WON_DEALS(B2,"grain","month");kpi_win_rate(2025)}',
        '=KPI_WON_DEALS("say ""hi""",TRUE,KPI_STAMP)+KPI_CAC_CALC(1,2)',
        "=KPI_WON_DEALS(B1:B2)",
        "=KPI_NO_SUCH(1)+KPI_WIN_RATE(A:A)+KPI_WIN_RATE(B1&C1)+KPI_WIN_RATE({1,2})+KPI_WIN_RATE(Gone!A1)",
    ]
    fill(sheet, formulas, values, **{"My 'own' tab": {"values": [["Cy"]]}, "Übersicht": {"values": [["Di"]]}})
    sheet.reply = counting
    sheet.cell("KPI_LOST_DEALS", 2025)
    day = {"date": "2025-01-14"}
    assert sheet.fetches[0].calls == [
        ["KPI_LOST_DEALS", [2025]],
        ["KPI_WON_DEALS", ["2025-Q1", "rep", "Cy"]],
        ["KPI_WON_DEALS", ["2025-Q1", "rep", [["Ann Lee"], ["Bo Ek"]]]],
        ["KPI_WON_DEALS", ["2025-Q1", "rep", "Di"]],
        ["KPI_WON_DEALS", [day, "grain", "month"]],
        ["KPI_WIN_RATE", [2025]],
        ["KPI_WON_DEALS", ['say "hi"', True]],
        ["KPI_WON_DEALS", ["2025-Q1"]],
        ["KPI_WON_DEALS", [day]],
    ]


def test_a_call_that_is_an_argument_of_another_costs_one_request_more(sheet):
    fill(sheet, ['=KPI_WON_DEALS(KPI_PERIOD(B1,"month"))'], [["", {"date": "2025-02-03"}]])
    sheet.cell("KPI_PERIOD", {"date": "2025-02-03"}, "month")
    assert [fetch.calls for fetch in sheet.fetches] == [
        [["KPI_PERIOD", [{"date": "2025-02-03"}, "month"]]],
        [["KPI_WON_DEALS", ["2025-02"]]],
    ]


HOSTILE = [
    '""',
    "''",
    "{",
    "(",
    "'a",
    "a!",
    "$A",
    "1E1.",
    "1.1.",
    "A1:",
    "KPI(",
    "KPI_WON_DEALS(",
    ",",
    "\\",
    "#",
    "\U0001f642",
    "\xe9",
    "\xe9!",
]


@pytest.mark.parametrize("part", HOSTILE)
def test_whatever_stands_in_other_formulas_a_cell_gets_its_number(sheet, part):
    fill(sheet, [f"={start}KPI{part * 10_000}{end}" for start in ("", "{", '"', "'") for end in ("", ")", '"', "'")])
    assert sheet.cell("KPI_WON_DEALS", 2025) == 7


def test_a_cell_that_cannot_have_the_lock_asks_for_itself(sheet):
    fill(sheet, ["=KPI_WON_DEALS(2024)"])
    sheet.set(isLocked=True)
    assert sheet.cell("KPI_WON_DEALS", 2025) == 7
    assert sheet.fetches[0].calls == [["KPI_WON_DEALS", [2025]]]


def test_the_spreadsheet_is_looked_through_once_a_minute_at_most(sheet):
    fill(sheet, ["=KPI_WON_DEALS(2024)"])
    sheet.cell("KPI_WON_DEALS", 2025)
    sheet.cell("KPI_WON_DEALS", "2025-Q1")
    assert [len(fetch.calls) for fetch in sheet.fetches] == [2, 1]


def test_the_token_goes_in_a_header_to_the_one_address_only(sheet, project):
    sheet.cell("KPI_WON_DEALS", 2025)
    [fetch] = sheet.fetches
    assert (fetch.url, fetch.headers) == (f"{SERVER}/v1/cells", {"Authorization": f"Bearer {TOKEN}"})
    assert TOKEN not in (fetch.payload or "") and not any(TOKEN in text for text in project.values())


@pytest.mark.parametrize(
    ("status", "body", "line"),
    [
        (401, {"refused": "This token is not valid."}, "#N/A This token is not valid."),
        (503, {"refused": "The workspace cannot be read."}, "#N/A The workspace cannot be read."),
        (400, {"refused": "The request is not JSON."}, "#VALUE! The request is not JSON."),
        (302, {}, NO_ANSWER),
        (200, {"results": []}, NO_ANSWER),
        (502, None, NO_ANSWER),
        (0, None, NO_ANSWER),
    ],
)
def test_a_server_that_has_no_answer_is_told_in_one_line_and_asked_again(sheet, status, body, line):
    replied = sheet.reply
    sheet.reply = lambda _: (status, "<html>" if body is None else json.dumps(body))
    assert sheet.thrown("KPI_WON_DEALS", 2025) == line
    assert len(sheet.fetches) == (3 if status in (0, 502, 503) else 1)
    sheet.reply = replied
    assert sheet.cell("KPI_WON_DEALS", 2025) == 7


def test_a_server_that_is_starting_is_waited_for(sheet):
    replies = [(503, "{}"), (0, ""), (200, '{"results": [7]}')]
    sheet.reply = lambda _: replies.pop(0)
    assert sheet.cell("KPI_WON_DEALS", 2025) == 7


def test_without_a_token_a_cell_says_what_to_do(sheet):
    sheet.set(properties={})
    assert sheet.thrown("KPI_WON_DEALS", 2025) == (
        "#N/A This spreadsheet has no token yet. Choose KPI > Token… in the menu."
    )
    assert sheet.cell("KPI_CAC_CALC", 10_000, 20) == 500
    assert sheet.fetches == []


def test_without_a_server_the_hidden_tab_alone_answers(project, program):
    code = project["Code.js"].replace(SERVER, "")
    with Spreadsheet(program("node"), code, counting) as sheet:
        sheet.fill([[""]], _kpi=answers_tab(('["KPI_WON_DEALS",[2025]]', "41")))
        assert sheet.cell("KPI_WON_DEALS", 2025) == 41
        assert sheet.thrown("KPI_WON_DEALS", 2024) == (
            "#N/A The hidden tab _kpi has no answer, and there is no server to ask."
        )
