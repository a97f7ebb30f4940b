"""The client over real HTTP and TLS, through a proxy, with real credentials: all but Google is as it will be."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest

from kpicore import Config
from kpicore.testing import MadeUpClock
from kpicore.testing.sheets import FAULTS, TOKEN_REFUSALS, Rig
from kpicore_sheets.google.client import GoogleSheets
from kpicore_sheets.google.credentials import login
from kpicore_sheets.google.retrying import Patience
from kpicore_sheets.port import BatchRefused, Busy, Denied, Unsure

ID = "1AbC_d-E"
NAMED = {"namedRange": {"namedRangeId": "kpi_1", "name": "kpi_1", "range": {"sheetId": 0}}}
BODY = json.dumps({"requests": [{"addNamedRange": NAMED}]}).encode()
VALUES = json.dumps({"valueInputOption": "RAW", "data": [{"range": "KPIs!A1", "values": [["=1+1"]]}]}).encode()


@pytest.fixture
def rig(served) -> Rig:
    """Give the rig with an empty spreadsheet, and nothing that goes wrong."""
    served.emulator.add(ID, {"KPIs": (100, 26)})
    return served


def someone(file):
    """Return who logs in by a file."""
    return login(Config(file.parent, "x"), {"GOOGLE_APPLICATION_CREDENTIALS": str(file)})


def sheets(rig, clock=None, *, who=None, total=150.0):
    who, clock = who or someone(rig.service_account_file), clock or MadeUpClock(datetime.now(UTC))
    return GoogleSheets(who, clock, patience=Patience(total=total), chance=lambda: 1.0)


def names(rig):
    return len(rig.emulator.spreadsheets[ID].named_ranges)


def test_it_reads_and_writes(rig):
    google = sheets(rig)
    google.batch_update(ID, BODY)
    google.values_update(ID, VALUES)
    assert google.values(ID, ["KPIs!A1"])["valueRanges"][0]["values"] == [["=1+1"]]
    assert google.get(ID, "namedRanges.namedRangeId") == {"namedRanges": [{"namedRangeId": "kpi_1"}]}
    assert google.requests == 4 and google.token_requests == 1


def test_no_other_host_is_asked(rig):
    sheets(rig).get(ID, "spreadsheetId")
    assert rig.other_hosts == []


def test_a_person_reads_too(rig):
    assert sheets(rig, who=someone(rig.authorized_user_file)).get(ID, "spreadsheetId") == {"spreadsheetId": ID}


def test_a_token_that_ends_before_its_time_is_asked_for_anew(rig):
    google = sheets(rig)
    google.get(ID, "spreadsheetId")
    rig.tokens.expire()
    google.batch_update(ID, BODY)
    assert google.token_requests == 2 and names(rig) == 1


@pytest.mark.parametrize("fault", ["429", "429_retry_after", "500", "503_before", "503_after", "504_after", "html_502"])
@pytest.mark.parametrize("method", ["get", "values_update"])
def test_what_may_be_repeated_is_repeated_whatever_goes_wrong(rig, fault, method):
    clock = MadeUpClock()
    rig.emulator.faults.extend([fault, fault, ""])
    google = sheets(rig, clock)
    google.get(ID, "spreadsheetId") if method == "get" else google.values_update(ID, VALUES)
    assert google.requests == 3 and len(clock.waits) == 2


@pytest.mark.parametrize("fault", ["html_502_after", "cut_body", "drop", "drop_after"])
def test_connections_that_break_are_made_again(rig, fault):
    rig.emulator.faults.extend([fault, ""])
    assert sheets(rig).get(ID, "spreadsheetId") == {"spreadsheetId": ID}


UNSURE = [fault for fault in FAULTS if fault[0] not in "4"]


@pytest.mark.parametrize("fault", UNSURE)
def test_a_batch_is_sent_once_and_who_asks_reads_whether_it_was_applied(rig, fault):
    rig.emulator.faults.append(fault)
    with pytest.raises(Unsure):
        sheets(rig).batch_update(ID, BODY)
    assert len(rig.emulator.log) == 1 and names(rig) == int(FAULTS[fault].applied)


@pytest.mark.parametrize("fault", ["429", "429_retry_after", "401_expired"])
def test_a_batch_that_was_not_applied_for_certain_is_sent_again_with_the_same_bytes(rig, fault):
    rig.emulator.faults.extend([fault, ""])
    sheets(rig).batch_update(ID, BODY)
    assert [entry.body for entry in rig.emulator.log] == [BODY, BODY] and names(rig) == 1


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("400_office_file", "office_file"),
        ("403_not_shared", "not_shared"),
        ("403_api_disabled", "api_off"),
        ("403_scope", "scope"),
        ("404", "wrong_id"),
    ],
)
def test_a_refusal_for_good_is_told_at_once(rig, fault, reason):
    rig.emulator.faults.append(fault)
    with pytest.raises(Denied) as refused:
        sheets(rig).get(ID, "spreadsheetId")
    assert refused.value.reason == reason and len(rig.emulator.log) == 1


@pytest.mark.parametrize("refusal", [refusal for refusal in TOKEN_REFUSALS if refusal != "busy"])
def test_a_login_that_google_refuses_is_told_at_once(rig, refusal):
    rig.tokens.refusals.append(refusal)
    with pytest.raises(Denied) as refused:
        sheets(rig).get(ID, "spreadsheetId")
    assert refused.value.reason == "token" and rig.emulator.log == []


def test_a_clock_that_is_wrong_is_told_by_googles_own(rig):
    rig.tokens.refusals.append("wrong_time")
    with pytest.raises(Denied) as refused:
        sheets(rig, MadeUpClock(datetime(2020, 1, 1, tzinfo=UTC))).get(ID, "spreadsheetId")
    assert refused.value.reason == "clock"


def test_where_no_token_is_given_just_now_it_is_asked_for_again(rig):
    rig.tokens.refusals.extend(["busy", "busy"])
    google = sheets(rig)
    google.batch_update(ID, BODY)
    assert google.token_requests == 3 and google.requests == 1


def test_an_invalid_batch_is_refused(rig):
    google = sheets(rig)
    google.batch_update(ID, BODY)
    with pytest.raises(BatchRefused, match="already exists"):
        google.batch_update(ID, BODY)


def test_a_certificate_of_an_unknown_authority_is_told_at_once(rig, monkeypatch):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(Denied) as refused:
        sheets(rig).batch_update(ID, BODY)
    assert refused.value.reason == "certificate" and rig.emulator.log == []


@pytest.mark.parametrize("answer", ["407 Proxy Authentication Required", "403 Forbidden"])
def test_a_proxy_that_lets_nobody_through_is_told_at_once(rig, monkeypatch, answer):
    class Refusing(BaseRequestHandler):
        def handle(self):
            self.request.recv(5000)
            self.request.sendall(f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n".encode())

    with ThreadingTCPServer(("127.0.0.1", 0), Refusing) as proxy:
        Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, f"http://user:secret@127.0.0.1:{proxy.server_address[1]}")
        with pytest.raises(Denied) as refused:
            sheets(rig).batch_update(ID, BODY)
        proxy.shutdown()
    assert refused.value.reason == "proxy" and "secret" not in str(refused.value)


def test_a_proxy_that_is_not_there_is_no_doubt_about_a_batch(rig, monkeypatch):
    who = someone(rig.service_account_file)
    sheets(rig, who=who).get(ID, "spreadsheetId")  # a token is there, so that it is the batch that is not sent
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, f"http://user:secret@127.0.0.1:{nobody.getsockname()[1]}")
        with pytest.raises(Busy, match="the proxy does not answer") as refused:
            sheets(rig, who=who, total=3).batch_update(ID, BODY)
    assert "secret" not in str(refused.value) and names(rig) == 0
