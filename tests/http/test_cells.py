"""POST /v1/cells: numbers for who has a token, a refusal in one line for everything else."""

from __future__ import annotations

import json

import pytest

from kpicore_http.answering import MOST_BYTES


def test_calls_are_answered_in_order(tiny):
    assert tiny.ask(["KPI_WON_DEALS", [2025]], ["KPI.WON_DEALS", ["2025-Q1"]], ["KPI_CAC_CALC", [10_000, 20]]) == [
        7,
        4,
        500,
    ]


def test_the_answer_tells_the_version_and_time_of_the_data(tiny):
    answer = tiny.client.post("/v1/cells", json={"calls": []}, headers=tiny.headers).json()
    assert answer["results"] == []
    assert answer["data_time"] == "2025-07-15T12:00:00+00:00"
    assert answer["data_version"].startswith("1-") and len(answer["stamp"]) == 16


def test_what_a_cell_cannot_show_is_an_error_of_that_cell_only(tiny):
    bad, good = tiny.ask(["KPI_NO_SUCH", [2025]], ["KPI_WON_DEALS", [2025]])
    assert bad["error"] == "#NAME?" and "no function named 'KPI_NO_SUCH'" in bad["message"]
    assert good == 7


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer wrong", "Basic a3Bp", "Bearer " + "x" * 5_000, "Bearer kpi_ü".encode("latin-1")],
)
def test_without_a_valid_token_there_are_no_numbers(tiny, header):
    headers = {"authorization": header} if header else {}
    for answer in (
        tiny.client.post("/v1/cells", json={"calls": [["KPI_WON_DEALS", [2025]]]}, headers=headers),
        tiny.client.get("/v1/stamp", headers=headers),
    ):
        assert answer.status_code == 401
        assert list(answer.json()) == ["refused"]
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_token_in_the_address_is_no_token(tiny):
    answer = tiny.client.post(f"/v1/cells?token={tiny.token}&access_token={tiny.token}", json={"calls": []})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "The request is not JSON."),
        (b"{", "The request is not JSON."),
        (b"\xff\xfe", "The request is not JSON."),
        (b"[" * 100_000, "The request is not JSON."),
        (b"9" * 5_000, 'a request is {"calls": [["KPI_LOANS", ["2026-Q3"]], …]}.'),
        (b"9" * 5_000 + b"x", "The request is not JSON."),
        (b"[]", 'a request is {"calls": [["KPI_LOANS", ["2026-Q3"]], …]}.'),
        (b'{"calls": 1}', 'a request is {"calls": [["KPI_LOANS", ["2026-Q3"]], …]}.'),
    ],
)
def test_a_request_that_is_none_is_refused_in_one_line(tiny, body, told):
    headers = {**tiny.headers, "content-type": "application/json"}
    answer = tiny.client.post("/v1/cells", content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["refused"].startswith(told)
    assert "\n" not in answer.json()["refused"]


def test_more_than_2000_calls_are_refused(tiny):
    answer = tiny.client.post("/v1/cells", json={"calls": [["KPI_ASOF", []]] * 2_001}, headers=tiny.headers)
    assert answer.status_code == 400
    assert answer.json()["refused"] == "2,001 calls in one request. Send at most 2,000 at a time."


def test_a_million_cells_are_refused(tiny):
    body = json.dumps({"calls": [["KPI_WIN_RATE", ["2026-Q3"]]] * 1_000_000}).encode()
    answer = tiny.client.post("/v1/cells", content=body, headers={**tiny.headers, "content-type": "application/json"})
    assert (len(body) > MOST_BYTES, answer.status_code) == (True, 413)
    assert answer.json()["refused"] == "The request has more than 8,000,000 bytes. Send at most 2,000 calls at a time."


def test_a_million_cells_sent_in_parts_of_unknown_length_are_refused(tiny):
    parts = (b"[" + b"1," * 500_000 for _ in range(20))
    answer = tiny.client.post("/v1/cells", content=parts, headers={**tiny.headers, "content-type": "application/json"})
    assert answer.status_code == 413


def test_a_million_cells_in_the_ranges_of_one_call_are_an_error_of_that_call(tiny):
    too_large, won = tiny.ask(["KPI_SALES_CYCLE_CALC", [[[1]] * 1_000_000]], ["KPI_WON_DEALS", [2025]])
    assert too_large["message"] == (
        "the calls of one request hold at most 200,000 cells, and this one goes beyond. Send smaller ranges."
    )
    assert won == 7


def test_what_is_no_json_by_its_own_account_is_refused(tiny):
    answer = tiny.client.post(
        "/v1/cells", content=b'{"calls": []}', headers={**tiny.headers, "content-type": "text/plain"}
    )
    assert answer.status_code == 415


def test_a_workspace_that_became_unreadable_is_told_in_the_cells(own):
    (own.folder / "kpi.toml").write_text("[workspace\n")
    [result] = own.ask(["KPI_WON_DEALS", [2025]])
    told = "The workspace cannot be read just now. Who runs the server finds the reason in its log."
    assert result == {"error": "#N/A", "message": told}
    assert own.client.get("/v1/functions").status_code == 503
    assert any("kpi.toml" in line for line in own.lines)


def test_a_token_that_is_revoked_is_refused_at_once_and_a_new_one_is_taken_at_once(own):
    from kpicore_http.tokens import new_token, revoke_token
    from tests.http.conftest import NOW

    assert own.ask(["KPI_WON_DEALS", [2025]]) == [7]
    revoke_token(own.folder, own.book.lower())
    assert own.client.post("/v1/cells", json={"calls": []}, headers=own.headers).status_code == 401
    own.token = new_token(own.folder, "Another", NOW)
    assert own.ask(["KPI_WON_DEALS", [2025]]) == [7]


def test_a_token_file_that_cannot_be_read_lets_nobody_in(own):
    (own.folder / "tokens.toml").write_text("[[token]]\nname = 1\n")
    answer = own.client.post("/v1/cells", json={"calls": []}, headers=own.headers)
    assert answer.status_code == 503
    assert "tokens.toml" not in answer.text and own.token not in answer.text
    assert any("tokens.toml" in line for line in own.lines)


@pytest.mark.parametrize("text", ["\ud800", "a\x00b", "x" * 300, "\u202e", "<b>", "=1+1"])
def test_odd_texts_are_errors_of_their_cells(tiny, text):
    calls = [["KPI_WON_DEALS", [2025, "rep", text]], ["KPI_WON_DEALS", [text]], ["KPI", [text, 2025]], [text, []]]
    name = "#NAME?" if len(text) <= 255 else "#VALUE!"  # what is too long is no name at all
    assert [each["error"] for each in tiny.ask(*calls)] == ["#VALUE!", "#VALUE!", name, name]


def test_a_number_beyond_all_numbers_is_an_error_of_its_cell(tiny):
    calls = [[name, [10**400, 1]] for name in ("KPI_CAC_CALC", "KPI_WON_DEALS", "KPI_PERIOD", "KPI", "KPI_LIST")]
    assert {"error"} <= set.intersection(*(set(each) for each in tiny.ask(*calls)))
