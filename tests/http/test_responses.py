"""What holds for every response: headers, hosts, origins, errors, the log."""

from __future__ import annotations

import json

import pytest

from kpicore import Page
from kpicore_http.answering import Answering
from kpicore_http.app import build_app
from kpicore_http.guard import host_of
from kpicore_http.watching import Watch
from tests.http.conftest import served


def test_the_server_tells_that_it_runs(tiny):
    assert tiny.client.get("/healthz").json() == {"status": "ok"}


def test_functions_are_listed_without_a_token_for_they_hold_no_numbers(tiny):
    found = {each["name"]: each for each in tiny.client.get("/v1/functions").json()["functions"]}
    assert found["KPI_WIN_RATE"]["kind"] == "kpi"
    assert [each["name"] for each in found["KPI_CAC_CALC"]["arguments"]] == ["cost", "new_customers"]


def test_every_response_carries_the_headers_that_keep_browsers_careful(tiny):
    for path in ("/healthz", "/v1/functions", "/nowhere", "/v1/cells"):
        headers = tiny.client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == ("no-cache" if path == "/v1/functions" else "no-store")
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert "server" not in headers


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("GET", "/v1/cells", 405)])
def test_what_is_not_there_is_refused_in_the_same_form(tiny, method, path, status):
    answer = tiny.client.request(method, path)
    assert (answer.status_code, list(answer.json())) == (status, ["refused"])


def test_a_parameter_that_cannot_be_read_is_refused_in_one_line(tiny):
    answer = tiny.client.get("/v1/stamp?wait=soon", headers=tiny.headers)
    assert answer.status_code == 422
    assert answer.json()["refused"].startswith("wait: ")


def test_another_origin_may_not_call(tiny):
    preflight = tiny.client.options(
        "/v1/cells",
        headers={
            "origin": "https://evil.example",
            "access-control-request-method": "POST",
            "access-control-request-headers": "authorization",
        },
    )
    assert preflight.status_code == 405
    answer = tiny.client.get("/healthz", headers={"origin": "https://evil.example"})
    assert [name for name in (*preflight.headers, *answer.headers) if name.startswith("access-control")] == []


def test_an_origin_that_is_named_may_call_and_no_other(tiny_folder):
    [allowed] = served(tiny_folder, "https://kpi.example.com")
    asks = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type"}
    good = allowed.client.options("/v1/cells", headers={"origin": "https://kpi.example.com", **asks})
    assert (good.status_code, good.headers["access-control-allow-origin"]) == (200, "https://kpi.example.com")
    assert "access-control-allow-credentials" not in good.headers
    bad = allowed.client.options("/v1/cells", headers={"origin": "https://evil.example", **asks})
    assert "access-control-allow-origin" not in bad.headers


def test_a_foreign_name_that_leads_to_this_machine_is_refused(tiny):
    answer = tiny.client.post("/v1/cells", json={"calls": []}, headers={**tiny.headers, "host": "evil.example:8765"})
    assert answer.status_code == 421


@pytest.mark.parametrize(
    ("address", "host"),
    [("LOCALHOST:1", "localhost"), ("127.0.0.1", "127.0.0.1"), ("[::1]:80", "::1"), ("::1", "::1"), ("", "")],
)
def test_a_host_is_what_stands_before_the_port(address, host):
    assert host_of(address) == host


def test_the_log_has_a_line_a_request_without_query_and_token(tiny):
    tiny.lines.clear()
    tiny.client.get(f"/v1/stamp?after={tiny.token[:20]}", headers=tiny.headers)
    tiny.client.get("/x%0a%1b[31mred")
    assert len(tiny.lines) == 2
    assert tiny.lines[0].startswith("GET /v1/stamp 200 ")
    assert tiny.lines[1].startswith("GET /x\\n\\x1b[31mred 404 ")
    assert tiny.token[:20] not in "".join(tiny.lines)


def test_a_defect_of_a_page_is_one_line_for_the_client_and_one_in_the_log(tiny_folder):
    from starlette.testclient import TestClient

    def broken(context):
        raise RuntimeError("secret detail")

    lines: list[str] = []
    answering = Answering(tiny_folder, "http://localhost", lambda line: None)
    answering.pages = (Page("broken", "text/plain", broken),)
    app = build_app(answering, Watch(answering.cells.stamp), {"localhost"}, (), lines.append)
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        answer = client.get("/broken")
    answering.close()
    assert answer.status_code == 500
    assert answer.json() == {"refused": "Internal error of the server. Who runs it finds one line about it in its log."}
    assert lines[0] == "internal error, RuntimeError: secret detail"


class Panic(BaseException):
    """What a library of Rust raises when it gives up."""


@pytest.mark.parametrize("error", [SystemExit(3), Panic("x"), GeneratorExit(), StopIteration(), OSError("x")])
def test_a_page_that_would_end_the_server_is_a_defect_and_the_next_request_is_answered(tiny_folder, error):
    from starlette.testclient import TestClient

    def ending(context):
        raise error

    lines: list[str] = []
    answering = Answering(tiny_folder, "http://localhost")
    answering.pages = (Page("ending", "text/plain", ending),)
    app = build_app(answering, Watch(answering.cells.stamp), {"localhost"}, (), lines.append)
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        answers = [client.get("/ending").status_code, client.get("/healthz").status_code]
    answering.close()
    assert answers == [500, 200]
    assert lines[0].startswith("internal error, ")


def test_a_page_of_a_plugin_is_shown_and_needs_no_token(tiny):
    answer = tiny.client.get("/office/functions.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-cache"
    assert "WIN_RATE" in {each["name"] for each in json.loads(answer.content)["functions"]}


def test_the_stamp_is_told_at_once_when_it_is_another_and_else_after_the_wait(tiny):
    first = tiny.client.get("/v1/stamp", headers=tiny.headers).json()["stamp"]
    assert tiny.client.get("/v1/stamp?after=other&wait=50", headers=tiny.headers).json()["stamp"] == first
    assert tiny.client.get(f"/v1/stamp?after={first}&wait=0.1", headers=tiny.headers).json()["stamp"] == first


def test_who_waits_is_told_when_the_data_changes(own):
    import threading

    first = own.client.get("/v1/stamp", headers=own.headers).json()["stamp"]
    change = threading.Timer(0.3, lambda: (own.folder / "targets.toml").write_text("# changed\n"))
    change.start()
    later = own.client.get(f"/v1/stamp?after={first}&wait=50", headers=own.headers).json()["stamp"]
    change.join()
    assert later != first
