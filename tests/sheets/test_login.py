"""`kpi sheets login`: a person says yes in the browser, and the login is a file of theirs."""

from __future__ import annotations

import errno
import io
import json
import os
import stat
import threading
import webbrowser
from pathlib import Path
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
        (GIVEN | {"scope": "openid"}, {"code": "c"}, "spreadsheets was not given.* and check its box"),
        ({"error": "invalid_client"}, {"code": "c"}, "Google does not know the OAuth client. Download its file"),
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


@pytest.mark.parametrize("out", ["none/login.json", "~nobody-knows/login.json", "file/login.json"])
def test_a_folder_that_is_none_is_told_before_anybody_logs_in(tmp_path, monkeypatch, out):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(BadArgument, match="there is no such folder"):
        check_place(Path(out))


def test_a_shells_home_is_one_here_too(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "client.json").write_text(json.dumps({"installed": CLIENT}))
    assert read_client(Path("~/client.json")) == CLIENT
    with pytest.raises(BadArgument, match="is there already"):
        check_place(Path("~/client.json"))


def test_a_login_that_cannot_be_kept_leaves_no_part_of_it(tmp_path, monkeypatch):
    out = tmp_path / "login.json"
    with pytest.raises(KpiError, match="cannot be written: No such file"):
        write_login({}, tmp_path / "gone" / "login.json")
    monkeypatch.setattr("kpicore_sheets.google.person.open", full_disk, raising=False)
    with pytest.raises(KpiError, match="cannot be written: No space left"):
        write_login({"refresh_token": "r"}, out)
    assert not out.exists()


def full_disk(number: int, *_: object, **__: object) -> None:
    os.close(number)
    raise OSError(errno.ENOSPC, "No space left on device")


def test_the_file_lies_in_no_workspace(tmp_path):
    (tmp_path / "kpi.toml").write_text("")
    (tmp_path / "deep").mkdir()
    with pytest.raises(BadArgument, match="lies in the workspace"):
        check_place(tmp_path / "deep" / "login.json")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "is not the file of an OAuth client"),
        ("[]", "is not the file of an OAuth client"),
        (json.dumps({"web": CLIENT}), "is the file of a web application"),
        (json.dumps({"type": "service_account"}), "is a login already.* Name it in kpi.toml below .sheets. as credent"),
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
    assert ended.exit_code == 1 and "cannot be opened: No such file or directory. Name the" in ended.stderr
