"""What goes wrong goes wrong as it does at Google: before or after the request was applied."""

from __future__ import annotations

import json

import pytest

from kpicore.testing import MadeUpClock
from kpicore.testing.sheets import FAULTS, ConnectionDropped, Emulator
from tests.sheets.asked import ask, batch, cells, mark, refused, values

WRITE = {"updateCells": {"start": {}, "fields": "userEnteredValue", "rows": cells([1])}}
PATH = "/v4/spreadsheets/{}:batchUpdate"
REASONS = {
    "401_expired": (401, "UNAUTHENTICATED", "ACCESS_TOKEN_EXPIRED"),
    "403_api_disabled": (403, "PERMISSION_DENIED", "SERVICE_DISABLED"),
    "403_scope": (403, "PERMISSION_DENIED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
    "429": (429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED"),
}


def sent(emulator: Emulator) -> tuple[int, dict[str, str], bytes]:
    id = next(iter(emulator.spreadsheets))
    return emulator.handle("POST", PATH.format(id), {}, json.dumps({"requests": [WRITE]}).encode())


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_fault_is_told_and_the_next_request_goes_well(emulator, name):
    emulator.faults.append(name)
    try:
        status, headers, body = sent(emulator)
        assert status >= 400 or len(body) < int(headers["Content-Length"])
    except ConnectionDropped:
        assert name.startswith("drop")
    assert values(emulator) == ([[1]] if FAULTS[name].applied else [])
    assert sent(emulator)[0] == 200


def test_faults_come_in_their_order(emulator):
    emulator.faults.extend(["", "503_before", "503_after"])
    assert [sent(emulator)[0] for _ in range(4)] == [200, 503, 503, 200]


@pytest.mark.parametrize("name", sorted(REASONS))
def test_the_reason_of_a_refusal_stands_in_its_details(emulator, name):
    emulator.faults.append(name)
    error = json.loads(sent(emulator)[2])["error"]
    assert (error["code"], error["status"], error["details"][-1]["reason"]) == REASONS[name]


def test_a_page_of_a_proxy_is_no_json(emulator):
    emulator.faults.append("html_502")
    status, headers, body = sent(emulator)
    assert (status, headers["Content-Type"], body[:9]) == (502, "text/html; charset=UTF-8", b"<!DOCTYPE")


def test_a_fault_of_no_known_name_is_a_mistake_of_the_test(emulator):
    emulator.faults.append("418")
    with pytest.raises(ValueError, match="no fault '418'"):
        sent(emulator)


def test_somebody_may_act_between_a_read_and_a_write(emulator):
    user = emulator.user(next(iter(emulator.spreadsheets)))
    emulator.before_write = lambda: user.insert_rows("KPIs", 1)
    batch(emulator, mark(1, "ROWS", 0))
    user.type("KPIs", "A2", "mine")
    assert sent(emulator)[0] == 200
    assert values(emulator) == [[1], [], ["mine"]]


def test_a_second_program_may_write_before_a_write(emulator):
    emulator.before_write = lambda: batch(emulator, mark(1, "ROWS", 0))
    assert "already exists" in refused(emulator, mark(1, "ROWS", 5))
    assert [entry.status for entry in emulator.log] == [200, 400]


def test_the_log_tells_what_was_asked_and_answered(emulator):
    emulator.faults.extend(["drop", "429"])
    with pytest.raises(ConnectionDropped):
        sent(emulator)
    sent(emulator)
    ask(emulator, "GET", "?fields=spreadsheetId")
    assert [(entry.method, entry.status) for entry in emulator.log] == [("POST", 0), ("POST", 429), ("GET", 200)]
    assert json.loads(emulator.log[0].body) == {"requests": [WRITE]}


def test_more_requests_in_a_minute_than_are_allowed_are_refused():
    clock = MadeUpClock()
    emulator = Emulator(clock=clock, requests_a_minute=2)
    emulator.add("x")
    assert [sent(emulator)[0] for _ in range(3)] == [200, 200, 429]
    clock.wait(61)
    assert sent(emulator)[0] == 200
