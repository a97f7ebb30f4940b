"""Whatever answers for Google, and however: one of the port's errors or an answer, and no secret in any of it."""

from __future__ import annotations

import gzip
import io
import logging
import traceback

import pytest
import requests

from kpicore_sheets.google.retrying import Patience
from kpicore_sheets.port import BatchRefused, Busy, Denied, Unsure
from tests.sheets.canned import CANARY, CannedGoogle, error, info

METHODS = {
    "get": lambda sheets: sheets.get("1AbC", "sheets.properties", ["A!A1"]),
    "values": lambda sheets: sheets.values("1AbC", ["A!A1"]),
    "values_update": lambda sheets: sheets.values_update("1AbC", b"{}"),
    "batch_update": lambda sheets: sheets.batch_update("1AbC", b'{"requests": []}'),
}
STATUSES = [
    200,
    201,
    204,
    206,
    301,
    302,
    304,
    307,
    400,
    401,
    403,
    404,
    405,
    407,
    408,
    409,
    410,
    413,
    414,
    418,
    422,
    425,
]
STATUSES += [429, 451, 500, 501, 502, 503, 504, 505, 511, 520, 599]
BODIES = {
    "an error": ({}, error(0, "UNKNOWN", "words", **info("SOMETHING", consumer="projects/1"))[2]),
    "an error of odd types": (
        {},
        b'{"error": {"code": "x", "status": 7, "message": ["m"], "details": [1, {}], "errors": {}}}',
    ),
    "an error that is a text": ({}, b'{"error": "denied"}'),
    "an error of a kind by kind": ({}, b'{"error": {"details": [{"reason": 1, "metadata": {"consumer": {"a": 1}}}]}}'),
    "an object": ({}, b'{"spreadsheetId": "1AbC"}'),
    "a list": ({}, b"[1]"),
    "a text": ({}, b'"ok"'),
    "a page": ({"Content-Type": "text/html"}, b"<!DOCTYPE html><title>Sorry</title>"),
    "nothing": ({}, b""),
    "cut": ({"Content-Length": "5000"}, b'{"spreadsheetId": "1A'),
    "of a wrong type": ({"Content-Type": "image/png"}, b'{"spreadsheetId": "1AbC"}'),
    "no text": ({}, b"\xff\xfe\x00"),
    "deep": ({}, b"[" * 100_000),
    "huge": ({}, b" " * 200_000),
    "a bomb": ({"Content-Encoding": "gzip"}, gzip.compress(b" " * 5_000_000)),
    "badly packed": ({"Content-Encoding": "gzip"}, b"no gzip"),
    "a number of many digits": ({}, b'{"error": {"code": ' + b"9" * 5000 + b"}}"),
    "a wait without end": ({"Retry-After": "9" * 30, "Location": "https://evil.example/"}, b""),
}
FAILURES = [
    requests.exceptions.ProxyError(f"https://user:{CANARY}@proxy.example"),
    requests.exceptions.InvalidProxyURL(f"https://user:{CANARY}@"),
    requests.exceptions.ReadTimeout(CANARY),
    requests.exceptions.ConnectTimeout(CANARY),
    requests.exceptions.SSLError(CANARY),
    requests.exceptions.ChunkedEncodingError(CANARY),
    requests.exceptions.InvalidHeader(CANARY),
    OSError(f"Could not find a suitable TLS CA certificate bundle, invalid path: {CANARY}"),
    ValueError(CANARY),
]


def told(error: BaseException) -> str:
    """Return all that an exception may show, with those it was made of."""
    shown, waiting = io.StringIO(), [error]
    while waiting:
        one = waiting.pop()
        shown.write(f"{one} {one!r} {vars(one)} {''.join(traceback.format_exception(one))}")
        waiting += [cause for cause in (one.__cause__, one.__context__) if cause]
    return shown.getvalue()


def asked(google: CannedGoogle, method: str) -> BaseException | dict:
    """Return what a method gives, or the one error that it may raise."""
    sheets = google.sheets(patience=Patience(total=3), most_bytes=100_000)
    assert CANARY not in f"{sheets!r} {vars(sheets)}"
    try:
        return METHODS[method](sheets)
    except (Denied, Busy, BatchRefused, Unsure) as refused:
        assert type(refused) in (Denied, Busy, BatchRefused, Unsure)
        return refused


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("body", BODIES)
def test_every_answer_is_one_of_the_ports(method, body, caplog):
    caplog.set_level(logging.DEBUG)
    headers, content = BODIES[body]
    for http in STATUSES:
        google = CannedGoogle([(http, headers | {"X-Echo": CANARY}, content)])
        result = asked(google, method)
        if isinstance(result, dict):
            assert http == 200 and result == {"spreadsheetId": "1AbC"}
            continue
        assert CANARY not in told(result) and CANARY not in caplog.text
        assert len(str(result)) < 800 and str(result).isprintable()
        if isinstance(result, Unsure):
            assert method == "batch_update" and len(google.sent) == 1


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
@pytest.mark.parametrize("unread", [True, False])
def test_every_failure_is_one_of_the_ports(method, failure, unread, caplog):
    caplog.set_level(logging.DEBUG)
    result = asked(CannedGoogle([failure], unread=unread), method)
    assert isinstance(result, Denied | Busy | Unsure)
    is_sent = not unread and not isinstance(failure, requests.exceptions.InvalidHeader)  # that one is seen before
    assert isinstance(result, Unsure) is (method == "batch_update" and is_sent)
    assert CANARY not in told(result) and CANARY not in caplog.text


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("http", [200, 302, 400, 401, 403, 404, 429, 500, 503])
def test_every_answer_where_tokens_are_given_is_one_of_the_ports(http, body):
    headers, content = BODIES[body]
    google = CannedGoogle([(200, {}, b"{}")], token=(http, headers, content))
    result = asked(google, "batch_update")
    assert isinstance(result, Denied | Busy) and google.sent == [] and CANARY not in told(result)
