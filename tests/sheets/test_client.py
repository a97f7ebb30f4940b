"""The client for Google Sheets, below which nothing is real but gspread, requests and google-auth."""

from __future__ import annotations

import json
import ssl

import pytest
import requests
from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError, ProtocolError, SSLError

from kpicore.testing import MadeUpClock
from kpicore_sheets.google.retrying import Patience
from kpicore_sheets.port import BatchRefused, Busy, Denied, Unsure
from tests.sheets.canned import CANARY, CannedGoogle, error

ID = "1AbC_d-E"
OK = (200, {}, b'{"spreadsheetId": "1AbC_d-E"}')
BODY = b'{"requests": [{"deleteNamedRange": {"namedRangeId": "n"}}]}'
FULL = error(429, "RESOURCE_EXHAUSTED")


def refused_connection():
    pool = None
    return requests.ConnectionError(MaxRetryError(pool, "/", NewConnectionError(pool, "Connection refused")))


def not_trusted():
    inner = SSLError(ssl.SSLCertVerificationError(1, "certificate verify failed"))
    return requests.exceptions.SSLError(MaxRetryError(None, "/", inner))


def test_a_read_asks_for_fields_of_ranges():
    google = CannedGoogle([OK])
    assert google.sheets().get(ID, "sheets.properties", ["'A B'!A1", "C!1:2"]) == {"spreadsheetId": ID}
    assert google.sent[0].method == "GET"
    assert google.sent[0].url == (
        "https://sheets.googleapis.com/v4/spreadsheets/1AbC_d-E"
        "?fields=sheets.properties&ranges=%27A+B%27%21A1&ranges=C%211%3A2&prettyPrint=false"
    )


def test_each_method_has_its_address():
    google = CannedGoogle([OK])
    sheets = google.sheets()
    sheets.values(ID, ["A!A1"], "FORMULA")
    sheets.values_update(ID, b"{}")
    sheets.batch_update(ID, BODY)
    paths = [request.url.partition("spreadsheets/")[2] for request in google.sent]
    assert paths == [
        "1AbC_d-E/values:batchGet?ranges=A%21A1&valueRenderOption=FORMULA&prettyPrint=false",
        "1AbC_d-E/values:batchUpdate?prettyPrint=false",
        "1AbC_d-E:batchUpdate?prettyPrint=false",
    ]
    assert [request.method for request in google.sent] == ["GET", "POST", "POST"]


def test_an_id_is_never_a_path():
    google = CannedGoogle([OK])
    google.sheets().get("../../drive/v3?x=1#", "spreadsheetId")
    assert google.sent[0].url.startswith(
        "https://sheets.googleapis.com/v4/spreadsheets/..%2F..%2Fdrive%2Fv3%3Fx%3D1%23?"
    )


def test_a_request_says_who_it_is_and_takes_gzip():
    google = CannedGoogle([OK])
    google.sheets().batch_update(ID, BODY)
    headers = google.sent[0].headers
    assert headers["Authorization"] == f"Bearer token-{CANARY}"
    assert headers["Content-Type"] == "application/json" and headers["Content-Length"] == str(len(BODY))
    assert headers["Accept-Encoding"] == "gzip" and headers["User-Agent"].endswith("(gzip)")


def test_netrc_does_not_take_the_place_of_our_token(tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("default login someone password something\n")
    monkeypatch.setenv("NETRC", str(netrc))
    google = CannedGoogle([OK])
    google.sheets().get(ID, "spreadsheetId")
    assert google.sent[0].headers["Authorization"].startswith("Bearer ")


def test_requests_are_counted_with_tries_and_without_those_for_tokens():
    google = CannedGoogle([FULL, FULL, OK])
    sheets = google.sheets()
    sheets.get(ID, "spreadsheetId")
    sheets.get(ID, "spreadsheetId")
    assert sheets.requests == 4 and sheets.token_requests == 1


def test_a_full_quota_is_waited_for_and_the_same_bytes_are_sent():
    clock, google = MadeUpClock(), CannedGoogle([FULL, FULL, OK])
    google.sheets(clock).batch_update(ID, BODY)
    assert google.bodies == [BODY, BODY, BODY] and clock.waits == [1, 2]


def test_a_token_that_is_not_taken_is_asked_for_again_once():
    google = CannedGoogle([error(401, "UNAUTHENTICATED"), OK])
    sheets = google.sheets()
    sheets.batch_update(ID, BODY)
    assert google.bodies == [BODY, BODY] and sheets.token_requests == 2


def test_a_login_that_is_never_taken_is_told_at_once():
    clock, google = MadeUpClock(), CannedGoogle([error(401, "UNAUTHENTICATED", "Request had invalid credentials.")])
    with pytest.raises(Denied) as refused:
        google.sheets(clock).get(ID, "spreadsheetId")
    assert refused.value.reason == "token" and clock.waits == [] and len(google.sent) == 2


def test_a_change_that_never_left_is_tried_again():
    google = CannedGoogle([refused_connection(), OK], unread=True)
    assert google.sheets().batch_update(ID, BODY) == {"spreadsheetId": ID}


def test_a_change_that_left_and_was_not_answered_is_not():
    google = CannedGoogle([requests.ConnectionError(ProtocolError("Connection aborted.")), OK])
    with pytest.raises(Unsure, match="the connection broke off"):
        google.sheets().batch_update(ID, BODY)
    assert len(google.sent) == 1


@pytest.mark.parametrize("http", [500, 502, 503, 504])
def test_a_change_that_google_may_have_applied_is_not_sent_again(http):
    google = CannedGoogle([error(http, "UNAVAILABLE"), OK])
    with pytest.raises(Unsure):
        google.sheets().batch_update(ID, BODY)
    assert len(google.sent) == 1


@pytest.mark.parametrize("http", [500, 502, 503, 504])
def test_reads_and_values_are_asked_for_again(http):
    google = CannedGoogle([error(http, "UNAVAILABLE"), (http, {}, b"<html>"), OK, (http, {}, b""), OK])
    sheets = google.sheets()
    sheets.get(ID, "spreadsheetId")
    sheets.values_update(ID, b'{"data": []}')
    assert len(google.sent) == 5


def test_a_certificate_that_is_not_trusted_is_told_at_once():
    google = CannedGoogle([not_trusted()], unread=True)
    for ask in (lambda sheets: sheets.get(ID, "x"), lambda sheets: sheets.batch_update(ID, BODY)):
        with pytest.raises(Denied) as refused:
            ask(google.sheets())
        assert refused.value.reason == "certificate"


def test_without_a_network_the_words_are_ours():
    google = CannedGoogle(
        [requests.ConnectionError(MaxRetryError(None, "/", NameResolutionError("h", None, OSError())))]
    )
    with pytest.raises(Busy, match="150 seconds: the name of the host is not found"):
        google.sheets().get(ID, "x")


def test_an_answer_that_breaks_off_is_asked_for_again():
    google = CannedGoogle([(200, {"Content-Length": "999"}, b'{"spreadsheetId": "1'), OK])
    assert google.sheets().get(ID, "x") == {"spreadsheetId": ID}


def test_an_answer_without_end_is_not_kept():
    google = CannedGoogle([(200, {}, b'{"x": "' + b"x" * 5000 + b'"}')])
    with pytest.raises(Denied) as refused:
        google.sheets(most_bytes=5000).get(ID, "x")
    assert refused.value.reason == "too_large" and len(google.sent) == 1
    with pytest.raises(Unsure):
        google.sheets(most_bytes=5000).batch_update(ID, BODY)


@pytest.mark.parametrize("target", ["https://evil.example/x", "http://sheets.googleapis.com/", "/v4/other", "::"])
def test_a_redirection_is_not_followed(target):
    google = CannedGoogle([(302, {"Location": target}, b"")])
    with pytest.raises(Denied) as refused:
        google.sheets().get(ID, "x")
    assert refused.value.reason == "not_google" and len(google.sent) == 1
    with pytest.raises(Unsure):
        google.sheets().batch_update(ID, BODY)


def test_a_batch_that_is_not_valid_is_told_with_googles_line():
    google = CannedGoogle([error(400, "INVALID_ARGUMENT", "Invalid requests[0].deleteNamedRange: No such named range")])
    with pytest.raises(BatchRefused, match="No such named range"):
        google.sheets().batch_update(ID, BODY)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"error": "invalid_grant", "error_description": "Token has been expired or revoked."}, "token"),
        ({"error": "invalid_client"}, "token"),
        ({"error": "invalid_scope"}, "scope"),
        ({"error": "access_denied"}, "policy"),
        ({"error": {"strange": 1}}, "token"),
    ],
)
def test_a_token_that_is_refused_is_told_at_once(answer, reason):
    clock, google = MadeUpClock(), CannedGoogle([OK], token=(400, {}, json.dumps(answer).encode()))
    with pytest.raises(Denied) as refused:
        google.sheets(clock).get(ID, "x")
    assert refused.value.reason == reason and google.sent == [] and clock.waits == []


def test_a_clock_that_is_wrong_is_told_by_googles_date():
    refusal = json.dumps({"error": "invalid_grant", "error_description": "Invalid JWT"}).encode()
    google = CannedGoogle([OK], token=(400, {"Date": "Mon, 02 Mar 2026 09:00:00 GMT"}, refusal))
    with pytest.raises(Denied) as refused:
        google.sheets(MadeUpClock()).get(ID, "x")  # at 08:00
    assert refused.value.reason == "clock"


@pytest.mark.parametrize("reply", [(503, b""), (200, b"<html>"), (200, b"[]"), (200, b"{}"), (429, b"{}")])
def test_where_no_token_can_be_had_just_now_it_is_asked_for_until_patience_ends(reply):
    clock, google = MadeUpClock(), CannedGoogle([OK], token=(reply[0], {}, reply[1]))
    with pytest.raises(Busy):
        google.sheets(clock).batch_update(ID, BODY)
    assert google.sent == [] and len(clock.waits) == 8


def test_it_is_told_that_the_token_is_what_could_not_be_had():
    google = CannedGoogle([OK], token=(503, {}, b""))
    with pytest.raises(Busy, match=r"did not answer within 3 seconds: no token for the login: HTTP 503\."):
        google.sheets(patience=Patience(total=3)).get(ID, "spreadsheetId")
