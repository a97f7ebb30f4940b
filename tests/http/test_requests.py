"""What HTTP lets a request look like: whole addresses as targets, tags in several lines, long paths, long polls."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore import Narrowing, write_whole
from kpicore_http.connections import Limits
from kpicore_http.guard import with_path
from kpicore_http.last_use import FILE as USES
from kpicore_http.last_use import read_uses
from kpicore_http.tokens import FILE, new_token, revoke_token
from tests.http.conftest import NOW, Listening, Served, read_to_end, request, served
from tests.patience import wait_until

KEPT = ("/", "/api", "/v1/functions", "/v1/openapi.json", "/favicon.ico", "/office/manifest.xml")


@pytest.fixture
def changing(tiny_folder: Path, tmp_path: Path) -> Iterator[Served]:
    """Give a served tiny company that the test may change."""
    shutil.copytree(tiny_folder, tmp_path / "own")
    yield from served(tmp_path / "own")


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("http://localhost/healthz", 200),
        ("HTTP://LOCALHOST:1234/healthz?x=1", 200),
        ("https://localhost/healthz", 200),
        ("http://localhost", 200),
        ("http://localhost/%68ealthz", 200),
        ("http://evil.example/healthz", 421),
        ("http://evil@localhost/healthz", 421),
        ("http://localhost@evil.example/healthz", 421),
        ("http:///healthz", 421),
        ("ftp://localhost/healthz", 404),
        ("http://localhost/no", 404),
    ],
)
def test_a_target_that_is_a_whole_address_is_answered_for_its_host(tiny_folder, target, status):
    with Listening(tiny_folder, Limits()) as server:
        own = read_to_end(server.connect(request(target, "GET", "connection: close")))
        evil = request(target, "GET", "connection: close").replace(b"host: localhost", b"host: evil.example")
        foreign = read_to_end(server.connect(evil))
    assert own.split(b" ")[1] == str(status).encode()
    assert foreign.split(b" ")[1] == (b"421" if target.startswith("ftp") else str(status).encode())


@given(st.text("abc/%20?#@:[].", max_size=30))
def test_a_target_is_a_path_or_left_as_it_is(rest):
    target = f"http://{rest}".partition("?")[0]
    found = with_path({"path": target, "raw_path": target.encode(), "headers": [(b"host", b"x")]})
    assert found["path"].startswith("/") or found["path"] == target
    assert len(found["headers"]) == 1


@pytest.mark.parametrize("path", KEPT)
def test_what_is_kept_has_a_tag_and_is_not_sent_again_whatever_line_names_it(tiny, path):
    first = tiny.client.get(path)
    tag = first.headers["etag"]
    for known in ([tag], [f"W/{tag}"], ['"a"', tag], [f'"a", {tag}', '"b"'], ['"a"', "*"]):
        again = tiny.client.get(path, headers=[("if-none-match", each) for each in known])
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag), known
    for other in (['"a"'], ['"a"', '"b"'], [""]):
        assert tiny.client.get(path, headers=[("if-none-match", each) for each in other]).content == first.content


def test_the_schema_is_careful_as_the_other_lists_are(tiny):
    schema, functions = (tiny.client.get(each).headers for each in ("/v1/openapi.json", "/v1/functions"))
    varying = ("content-length", "etag", "vary")  # the functions are those that the token may ask
    assert {k: v for k, v in schema.items() if k not in varying} == {
        k: v for k, v in functions.items() if k not in varying
    }
    assert "/v1/cells" in tiny.client.get("/v1/openapi.json").json()["paths"]


def test_a_long_path_is_logged_by_its_ends(tiny):
    tiny.lines.clear()
    tiny.client.get("/" + "a" * 60_000 + "/end")
    [line] = tiny.lines
    assert line.startswith("GET /aaaa") and " … " in line and "a/end 404 " in line and len(line) < 230


@pytest.mark.parametrize("how", ["revoked", "expired"])
def test_who_waits_with_a_token_that_ends_meanwhile_is_refused(tiny_folder, tmp_path, how):
    folder = shutil.copytree(tiny_folder, tmp_path / "own")
    time = [NOW]
    with Listening(folder, Limits(), now=lambda: time[0]) as server:
        token = new_token(folder, "Waits", NOW, NOW + timedelta(1))
        header = f"authorization: Bearer {token}"
        stamp = read_to_end(server.connect(request("/v1/stamp", "GET", header, "connection: close")))
        known = stamp.rpartition(b'"stamp":"')[2].partition(b'"')[0].decode()
        found: list[bytes] = []
        asked = request(f"/v1/stamp?after={known}&wait=50", "GET", header, "connection: close")
        waiting = threading.Thread(target=lambda: found.append(read_to_end(server.connect(asked))))
        waiting.start()
        wait_until(lambda: server.answering == 1)
        if how == "revoked":
            revoke_token(folder, "Waits")
        else:
            time[0] = NOW + timedelta(2)
        (folder / "targets.toml").write_text("# changed\n")
        waiting.join()
    assert found[0].startswith(b"HTTP/1.1 401 ")
    assert (b"has expired" if how == "expired" else b"was revoked") in found[0]


@pytest.mark.parametrize("change", ["revoked", "narrowed"])
def test_calls_that_come_slowly_are_answered_as_their_token_is_when_all_have_come(tiny_folder, tmp_path, change):
    folder = shutil.copytree(tiny_folder, tmp_path / "own", ignore=shutil.ignore_patterns(USES))
    body = b'{"calls": [["KPI_WON_DEALS", [2025]], ["KPI_WIN_RATE", [2025]]]}'
    with Listening(folder, Limits()) as server:
        token = new_token(folder, "Slow", NOW, None, Narrowing(("win_rate", "won_deals")))
        headers = f"authorization: Bearer {token}", "content-type: application/json", f"content-length: {len(body)}"
        connection = server.connect(request("/v1/cells", "POST", *headers, "connection: close"), body[:9])
        wait_until(lambda: len(read_uses(folder)) == 1)  # it was admitted
        if change == "revoked":
            revoke_token(folder, "Slow")
        else:
            kept = (folder / FILE).read_text(encoding="utf-8")
            write_whole(folder / FILE, kept.replace('["win_rate", "won_deals"]', '["win_rate"]'))
        connection.sendall(body[9:])
        answer = read_to_end(connection)
    if change == "revoked":
        assert answer.startswith(b"HTTP/1.1 401 ") and b"was revoked" in answer
    else:
        assert answer.startswith(b"HTTP/1.1 200 ") and b"'KPI_WON_DEALS' in what this token may ask" in answer
