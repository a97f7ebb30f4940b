"""Headers of every response, whatever is asked and however it is answered."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from kpicore import BadDefinition, Page
from kpicore_excel.office.pages import kpi_pages
from kpicore_http.answering import AnswerService, Watch
from kpicore_http.app import build_app
from kpicore_http.headers import Headers

STRICT = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
OWN = ("/", "/api", "/favicon.ico", "/healthz", "/v1/functions", "/v1/stamp", "/v1/cells", "/v1/openapi.json", "/no")
PATHS = (*OWN, *(f"/{page.path}" for page in kpi_pages()))


@pytest.mark.parametrize("accept", [{}, HTML], ids=["program", "browser"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND"])
def test_every_response_to_every_request_is_careful(tiny, method, accept):
    statuses = set()
    for path in PATHS:
        for headers in ({}, tiny.headers, {"host": "evil.example"}, {"upgrade": "websocket"}):
            answer = tiny.client.request(method, path, headers={**headers, **accept})
            statuses.add(answer.status_code)
            assert ALWAYS.items() <= dict(answer.headers).items(), path
            allowed = answer.headers["content-security-policy"]
            assert allowed.startswith("default-src 'none'; ") and "unsafe" not in allowed
            assert ("x-frame-options" in answer.headers) == ("frame-ancestors 'none'" in allowed)
            assert "strict-transport-security" not in answer.headers and "server" not in answer.headers
            assert "Not Found" not in answer.text and "Method Not Allowed" not in answer.text
            if answer.status_code >= 400 and method != "HEAD":
                wanted = "text/html; charset=utf-8" if accept else "application/json"
                assert answer.headers["content-type"] == wanted
                assert accept or list(answer.json()) == ["refused"]
    assert statuses >= {400, 404, 421} | ({200, 401} if method in ("GET", "HEAD") else {405})


def test_head_is_answered_as_get_is_without_the_body(tiny):
    for path in PATHS:
        get, head = (tiny.client.request(method, path, headers=tiny.headers) for method in ("GET", "HEAD"))
        assert head.status_code == get.status_code, path
        assert head.content == b""
        assert {**head.headers, "date": ""} == {**get.headers, "date": ""}


def test_only_the_pane_may_be_framed_and_only_by_office(tiny):
    allowed = {path: tiny.client.get(path).headers["content-security-policy"] for path in PATHS}
    framed = {path: each for path, each in allowed.items() if "frame-ancestors 'none'" not in each}
    assert list(framed) == ["/office/taskpane.html"]
    directives = dict(each.split(" ", 1) for each in framed["/office/taskpane.html"].split("; "))
    assert directives["script-src"] == "'self' https://appsforoffice.microsoft.com https://ajax.aspnetcdn.com"
    ancestors = directives["frame-ancestors"].split(" ")
    assert {"https://*.officeapps.live.com", "https://*.sharepoint.com", "https://*.cloud.microsoft"} <= set(ancestors)
    assert all(ancestor == "'self'" or ancestor.startswith("https://") for ancestor in ancestors)


def test_what_the_pane_says_it_needs_is_what_its_response_allows(tiny):
    page = tiny.client.get("/office/taskpane.html")
    written = page.text.split('http-equiv="Content-Security-Policy" content="')[1].split('"')[0]
    said = dict(each.split(" ", 1) for each in written.split("; "))
    allowed = dict(each.split(" ", 1) for each in page.headers["content-security-policy"].split("; "))
    said["connect-src"] = said["connect-src"].replace("http://localhost:8765 ", "")  # the server itself
    assert said.items() <= allowed.items()


@pytest.mark.parametrize(
    ("url", "is_told"),
    [
        ("http://localhost:8765", False),
        ("https://localhost:8765", False),
        ("https://127.0.0.1:8765", False),
        ("https://[::1]:8765", False),
        ("https://kpi.example.com", True),
    ],
)
def test_a_browser_is_bound_to_https_where_it_is_not_this_machine(url, is_told):
    found = dict(Headers(url, ()).completed("/", ()))
    assert (b"strict-transport-security" in found) == is_told


def test_what_a_page_needs_is_allowed_to_it_alone(tiny_folder):
    answering = AnswerService(tiny_folder, "http://localhost", print)
    needs = (("script-src", "'self'"), ("frame-ancestors", "https://x.example"))
    answering.pages = (Page("a", "text/html", lambda _: b"", needs), Page("b", "text/html", lambda _: b""))
    app = build_app(answering, Watch(answering.cells.stamp), {"localhost"}, (), lambda _: None)
    with TestClient(app, base_url="http://localhost") as client:
        first, second = client.get("/a").headers, client.get("/b").headers
    answering.close()
    assert first["content-security-policy"] == (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors https://x.example; script-src 'self'"
    )
    assert "x-frame-options" not in first
    assert (second["content-security-policy"], second["x-frame-options"]) == (STRICT, "DENY")


@pytest.mark.parametrize(
    "need",
    [("script-src", "'self'; object-src *"), ("script-src", ""), ("script-src", "x\r\nset-cookie: a"), ("A B", "*")],
)
def test_what_is_no_directive_is_no_page(need):
    with pytest.raises(BadDefinition, match=r"which is no directive|signs that steer a terminal"):
        Page("x", "text/html", lambda _: b"", (need,))
