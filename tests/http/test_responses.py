"""What holds for every response: headers, hosts, origins, errors, the log."""

from __future__ import annotations

import json

import pytest

from kpicore import BadDefinition, BrokenPage, Page, PageContext
from kpicore_http.answering import AnswerService, Watch
from kpicore_http.app import build_app
from kpicore_http.guard import host_of
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
        assert headers["content-security-policy"] == (
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        assert "server" not in headers


@pytest.mark.parametrize(
    ("method", "path", "status", "told"),
    [
        ("GET", "/nowhere", 404, "There is nothing at '/nowhere'. See / for what there is."),
        ("GET", "/v1/cells/", 404, "There is nothing at '/v1/cells/'. See / for what there is."),
        ("GET", "/a%1b%0a<b>", 404, "There is nothing at '/a\\x1b\\n<b>'. See / for what there is."),
        ("GET", "/v1/cells", 405, "'/v1/cells' is asked by POST, not by GET. See / for what there is."),
        ("DELETE", "/v1/stamp", 405, "'/v1/stamp' is asked by GET, HEAD, not by DELETE. See / for what there is."),
        ("POST", "/", 405, "'/' is asked by GET, HEAD, not by POST. See / for what there is."),
    ],
)
def test_what_is_not_there_is_refused_with_what_and_where_to_look(tiny, method, path, status, told):
    answer = tiny.client.request(method, path)
    assert (answer.status_code, answer.json()) == (status, {"refused": told})
    assert answer.headers.get("allow", "") == ("" if status == 404 else told.split(" by ")[1].partition(", not")[0])


def test_a_long_path_is_shown_by_its_ends(tiny):
    assert len(tiny.client.get("/" + "a" * 5_000).json()["refused"]) < 150


def test_a_browser_gets_a_page_that_leads_on(tiny):
    answer = tiny.client.get("/<b>", headers={"accept": "text/html,*/*;q=0.8"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "There is nothing at &#x27;/&lt;b&gt;&#x27;" in answer.text and '<a href="/">' in answer.text


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
    told = "This server does not answer for the host 'evil.example'. See: kpi serve --url"
    assert answer.json() == {"refused": told}


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
    answering = AnswerService(tiny_folder, "http://localhost", lines.append)
    answering.pages = (Page("broken", "text/plain", broken),)
    app = build_app(answering, Watch(answering.cells.stamp), {"localhost"}, (), lines.append)
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        answer = client.get("/broken")
    answering.close()
    assert answer.status_code == 500
    assert answer.json() == {"refused": "Internal error of the server. Who runs it finds one line about it in its log."}
    assert lines[0].startswith(
        "internal error, BrokenPage: page 'broken': RuntimeError: secret detail (test_responses.py,"
    )


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


@pytest.mark.parametrize("given", ["a text", None, 5, bytearray(b"x"), ["x"]])
def test_a_page_that_is_no_bytes_is_told_by_its_name(given):
    page = Page("odd.txt", "text/plain", lambda context: given)
    with pytest.raises(BrokenPage, match=r"^page 'odd\.txt': its body gives bytes, not "):
        page.shown(PageContext("Tiny", "http://localhost", ()))


@pytest.mark.parametrize(
    "media_type", ["", "text", "text/plain; \u4e2d", "x y: z", "text/html\r\nx: y", "text/", "/html", "text/html,"]
)
def test_what_is_no_media_type_is_no_page(media_type):
    with pytest.raises(BadDefinition, match=r"^page 'odd\.txt': its media_type "):
        Page("odd.txt", media_type, lambda context: b"")
