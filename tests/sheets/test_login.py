"""`kpi sheets login`: a person says yes in the browser, and the login is a file of theirs."""

from __future__ import annotations

import io
import json
import stat
import threading
import webbrowser
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import urlopen

import pytest
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from kpicore import BadArgument, KpiError
from kpicore.testing import run_kpi
from kpicore_sheets.google.person import check_place, log_in, read_client, write_login
from tests.sheets.canned import CANARY

CLIENT = {
    "client_id": "4711.apps.googleusercontent.com",
    "client_secret": f"secret-{CANARY}",
    "auth_uri": "https://accounts.google.com/o/oauth2/auth",
    "token_uri": "https://oauth2.googleapis.com/token",
}
GIVEN = {"access_token": f"a-{CANARY}", "refresh_token": f"r-{CANARY}", "expires_in": 3599, "token_type": "Bearer"}
SCOPE = "https://www.googleapis.com/auth/spreadsheets"


class AnsweringBrowser:
    """A browser whose person answers at once; `asked` is what the page was asked for."""

    def __init__(self, **answer: str) -> None:
        self.answer, self.asked = answer, dict[str, list[str]]()

    def open(self, url: str, *_: object, **__: object) -> bool:
        self.asked = parse_qs(urlsplit(url).query)
        query = urlencode({"state": self.asked["state"][0], **self.answer})
        back = f"{self.asked['redirect_uri'][0]}?{query}"
        threading.Thread(target=lambda: urlopen(back).close(), daemon=True).start()
        return True


def answering(monkeypatch, token, **answer):
    """Let a person answer, and Google give this for the code; return the browser and its name."""
    browser = AnsweringBrowser(**answer)
    webbrowser.register("answering", None, browser)

    def send(adapter, request, *_, **__):
        assert request.url == CLIENT["token_uri"]
        body = io.BytesIO(json.dumps(token).encode())
        return adapter.build_response(request, HTTPResponse(body, {}, 200, preload_content=False))

    monkeypatch.setattr(HTTPAdapter, "send", send)
    return browser


def test_a_person_says_yes_and_gets_a_login_that_lasts(monkeypatch, capsys):
    browser = answering(monkeypatch, GIVEN | {"scope": SCOPE}, code="c-1")
    assert log_in(CLIENT, browser="answering") == {
        "type": "authorized_user",
        "client_id": CLIENT["client_id"],
        "client_secret": CLIENT["client_secret"],
        "refresh_token": GIVEN["refresh_token"],
    }
    assert browser.asked["scope"] == [SCOPE] and browser.asked["access_type"] == ["offline"]
    assert CANARY not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("token", "answer", "told"),
    [
        (GIVEN, {"error": "access_denied"}, "access was not given"),
        (GIVEN, {"code": "c", "state": "another"}, "the answer belongs to another login"),
        (GIVEN | {"scope": "openid"}, {"code": "c"}, "the right to see and edit spreadsheets was not given"),
        ({"error": "invalid_client"}, {"code": "c"}, "Google does not know the OAuth client"),
        (GIVEN | {"scope": SCOPE, "refresh_token": ""}, {"code": "c"}, "Google gave nothing that lasts"),
        ([], {"code": "c"}, "what came back is no login"),
    ],
)
def test_a_login_that_fails_is_told_in_our_words(monkeypatch, token, answer, told):
    answering(monkeypatch, token, **answer)
    with pytest.raises(KpiError, match=told) as failed:
        log_in(CLIENT, browser="answering")
    assert CANARY not in str(failed.value) and failed.value.__context__ is None


def test_the_file_is_its_owners_alone_and_is_never_written_over(tmp_path):
    out = tmp_path / "login.json"
    write_login({"type": "authorized_user", "refresh_token": "r"}, out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert json.loads(out.read_text()) == {"type": "authorized_user", "refresh_token": "r"}
    for again in (lambda: write_login({}, out), lambda: check_place(out)):
        with pytest.raises(BadArgument, match="is there already"):
            again()


def test_the_file_lies_in_no_workspace(tmp_path):
    (tmp_path / "kpi.toml").write_text("")
    (tmp_path / "deep").mkdir()
    with pytest.raises(BadArgument, match="lies in the workspace"):
        check_place(tmp_path / "deep" / "login.json")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "is none, not the file of an OAuth client"),
        ("[]", "is none, not the file of an OAuth client"),
        (json.dumps({"web": CLIENT}), "is that of a web application"),
        (json.dumps({"installed": CLIENT | {"client_secret": ""}}), "lacks a field"),
        (
            json.dumps({"installed": CLIENT | {"token_uri": "http://oauth2.googleapis.com/token"}}),
            "does not begin with",
        ),
    ],
)
def test_a_client_that_is_none_is_told_in_one_line(tmp_path, content, told):
    file = tmp_path / "client.json"
    file.write_text(content)
    with pytest.raises(BadArgument, match=told):
        read_client(file)


def test_the_command_wants_the_file_of_a_client(tmp_path):
    ended = run_kpi("sheets", "login", "--client", str(tmp_path / "no.json"), "--out", str(tmp_path / "login.json"))
    assert ended.exit_code == 1 and "cannot be opened. Name the file of an OAuth client." in ended.stderr
