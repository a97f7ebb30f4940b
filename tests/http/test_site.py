"""The server's own pages: what they tell, whatever names are in the workspace, and what they never hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore import Figures, Page, Report
from kpicore_crm.testing import load_tiny_company
from kpicore_http.api_page import api_page
from kpicore_http.refusals import refusal
from kpicore_http.root_page import Overview, read_overview, root_page
from kpicore_http.site import page_policy
from tests.excel.officejs.conftest import needs_packages
from tests.excel.officejs.excel import Script, Server

URL = "https://kpi.example.com"
EVIL = "<script>alert(1)</script>\"' onload=x &amp; \x1b[2J"


class Seen(HTMLParser):
    """The tags, addresses and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.handlers: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action")]
        self.handlers += [name for name, _ in attrs if name.startswith("on") or name == "style"]

    def handle_data(self, data: str) -> None:
        if self.get_starttag_text() != "<style>":
            self.text += data


def seen(html: str) -> Seen:
    found = Seen(html)
    assert not found.tags & {"script", "img", "iframe", "object", "form"} and not found.handlers
    assert all(address.startswith("/") and not address.startswith("//") for address in found.addresses)
    return found


def test_the_root_page_tells_what_is_there(tiny):
    answer = tiny.client.get("/")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    page = seen(answer.text)
    assert "Tiny company" in page.text and "Data of 2025-07-15 12:00 UTC." in page.text
    assert "Weekly sales meeting" in page.text and "kpi report weekly_meeting" in page.text
    assert page.addresses == ["/favicon.ico", "/api", "/v1/openapi.json"]
    assert all(tiny.client.get(address).status_code == 200 for address in page.addresses)


def test_steps_for_excel_stand_where_excel_would_take_the_add_in(tiny):
    pages = (Page("office/manifest.xml", "application/xml", bytes),)
    secure, plain = (seen(root_page(Overview("x"), url, pages)) for url in (URL, "http://localhost:8765"))
    assert f"{URL}/office/manifest.xml" in secure.text and "Upload my add-in" in secure.text
    assert 'kpi token new "Forecast 2026"' in secure.text and "https address only" not in secure.text
    assert "/office/manifest.xml" in secure.addresses and "ol" in secure.tags
    assert "kpi serve --https" in plain.text and "manifest" not in plain.text and "KPI pane" not in plain.text
    assert "/office/manifest.xml" not in plain.addresses and "ol" not in plain.tags


def test_the_data_time_is_in_the_organisations_zone_and_seen_when_it_changes(own):
    assert "Data of 2025-07-15 12:00 UTC." in own.client.get("/").text
    file = own.folder / "kpi.toml"
    file.write_text(file.read_text().replace("Tiny company", "Tiny & <Co>").replace('"UTC"', '"Europe/Berlin"'))
    page = seen(own.client.get("/").text)
    assert "Tiny & <Co>" in page.text
    assert "12:00 UTC" not in page.text  # tables of another zone are outdated: they are told of, or made anew


def test_a_workspace_without_data_or_one_that_cannot_be_read_is_told_in_plain_words(own):
    (own.folder / "warehouse.duckdb").unlink()
    page = seen(own.client.get("/").text)
    assert "No data just now: Nothing has been loaded into this workspace yet." in page.text
    (own.folder / "kpi.toml").write_text("[")
    page = seen(own.client.get("/").text)
    assert "Tiny company" in page.text and "No data just now: The workspace cannot be read just now." in page.text
    assert str(own.folder) not in page.text


def test_hostile_names_are_text(tmp_path: Path):
    told = EVIL.partition("\x1b")[0].strip()  # signs that steer a terminal are none of a record
    report = Report("evil", told, (Figures("x", ("win_rate",)),), meaning=told)
    pages = (Page("office/manifest.xml", "application/xml", bytes),)
    page = seen(root_page(Overview(EVIL, (report,), problem=EVIL), f"https://{EVIL}", pages))
    assert page.text.count("<script>alert(1)</script>\"' onload=x &amp;") == 6


@given(st.text())
def test_no_name_and_no_line_breaks_out_of_a_page(text):
    plain = seen(root_page(Overview("x", problem="x"), URL, ()))
    page = seen(root_page(Overview(text, problem=text), URL, ()))
    assert page.tags == plain.tags
    body, _ = refusal("text/html,*/*", 404, text)
    assert seen(body.decode("utf-8", "surrogatepass")).tags == seen(refusal("text/html", 404, "x")[0].decode()).tags


def test_pages_of_plugins_are_linked_but_for_those_that_other_programs_frame():
    framed = (("frame-ancestors", "https://*.office.com"),)
    pages = (
        Page("board.html", "text/html; charset=utf-8", bytes),
        Page("office/taskpane.html", "text/html", bytes, framed),
        Page("data.json", "application/json", bytes),
    )
    assert seen(root_page(Overview("Tiny"), URL, pages)).addresses == [
        *("/favicon.ico", "/api", "/v1/openapi.json", "/board.html")
    ]


def test_the_api_page_tells_every_operation_of_the_schema(tiny):
    openapi = tiny.client.get("/v1/openapi.json").json()
    page = seen(tiny.client.get("/api").text)
    for path, methods in openapi["paths"].items():
        for method, operation in methods.items():
            assert f"{method.upper()} {path}" in page.text
            assert operation["description"].replace("`", "") in page.text
            for status, each in operation["responses"].items():
                assert f"{status}{each['description']}" in page.text
    assert "curl http://localhost:8765/v1/cells" in page.text
    assert """-d '{"calls": [["KPI_WIN_RATE", ["2026-Q3", "rep", "Ann Lee"]]]}'""" in page.text


def test_the_example_of_the_api_page_is_answered(tiny):
    page = seen(tiny.client.get("/api").text)
    [example] = re.findall(r"-d '(.*)'", page.text)
    headers = {**tiny.headers, "content-type": "application/json"}
    assert tiny.client.post("/v1/cells", content=example, headers=headers).status_code == 200


def test_the_api_page_holds_what_a_schema_says_as_text():
    operation = {"description": EVIL, "parameters": [{"name": EVIL, "description": EVIL}], "responses": {"200": {}}}
    openapi = {"info": {"description": EVIL}, "paths": {f"/{EVIL}": {"delete": operation}}}
    page = seen(api_page(openapi, URL))
    assert page.text.count("<script>alert(1)</script>") == 6


def test_the_style_is_the_one_that_the_policy_allows(tiny):
    import base64
    import hashlib

    style = re.findall("<style>(.*?)</style>", tiny.client.get("/").text, re.DOTALL)[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page_policy()


def test_the_icon_is_the_add_ins(tiny):
    answer = tiny.client.get("/favicon.ico")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert answer.content == tiny.client.get("/office/icon-32.png").content


def test_an_overview_of_no_workspace_keeps_the_name_it_had(tmp_path):
    load_tiny_company(tmp_path / "tiny")
    found = read_overview(tmp_path / "tiny", "x", str)
    assert (found.name, found.problem, len(found.reports)) == ("Tiny company", "", 10)
    gone = read_overview(tmp_path / "gone", "Tiny company", lambda error: error.public)
    assert replace(gone, problem="") == Overview("Tiny company") and str(tmp_path) not in gone.problem


@pytest.fixture
def pages_server(tmp_path: Path) -> Iterator[Server]:
    """Give a server of the tiny company."""
    load_tiny_company(tmp_path / "tiny")
    found = Server(tmp_path / "tiny").start()
    yield found
    found.stop()


def test_the_pages_in_a_browser_are_as_wide_as_the_screen_and_break_none_of_their_rules(program, pages_server):
    program("npm")
    node = program("node")
    needs_packages()
    with Script(node, "pane.js") as browser:
        for width in (1_200, 390):
            browser.do(
                "show", url=pages_server.url, executable=program("chromium"), width=width, paths=["/", "/api", "/x"]
            )
            assert browser.do("widths") == [width, width, width]
        assert [each for each in browser.do("problems") if "404" not in each] == []
