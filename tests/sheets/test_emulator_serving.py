"""The emulator over HTTP and TLS: an unmodified client finds it where it looks for Google."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests

from kpicore import MissingDependency
from kpicore.testing.sheets import AnswerNotGoogles, Emulator, Rig, serving
from tests.sheets.conftest import SPREADSHEET

ADDRESS = f"https://sheets.googleapis.com/v4/spreadsheets/{SPREADSHEET}"
WRITE = {"requests": [{"addSheet": {"properties": {"title": "New"}}}]}
PROGRAM = f"""
import gspread
client = gspread.service_account(filename=__import__("os").environ["GOOGLE_APPLICATION_CREDENTIALS"])
tab = client.open_by_key("{SPREADSHEET}").worksheet("KPIs")
tab.update([["=1+1", 2]], "B2")
print(tab.get_all_values())
"""


@pytest.fixture
def session(rig: Rig, monkeypatch) -> requests.Session:
    """Give a client that has a token, in an environment as `rig` gives it."""
    for name, value in rig.environment.items():
        monkeypatch.setenv(name, value)
    from google.auth.transport.requests import Request
    from google.oauth2.credentials import Credentials

    credentials = Credentials.from_authorized_user_file(str(rig.authorized_user_file))
    credentials.refresh(Request())
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {credentials.token}"
    with session:
        yield session


def test_an_unmodified_program_with_gspread_talks_to_it(rig):
    environment = {**os.environ, **rig.environment}
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.returncode) == ("[['', '', ''], ['', '=1+1', '2']]\n", 0)
    assert rig.tokens.requests == 1
    assert [entry.status for entry in rig.emulator.log] == [200] * 4


def test_requests_reach_the_same_spreadsheets(session, rig):
    assert session.post(f"{ADDRESS}:batchUpdate", json=WRITE).status_code == 200
    assert [tab.title for tab in rig.emulator.spreadsheets[SPREADSHEET].tabs] == ["KPIs", "New"]
    found = session.get("https://www.googleapis.com/drive/v3/files", params={"q": FILES})
    assert [file["id"] for file in found.json()["files"]] == [SPREADSHEET]


FILES = "mimeType='application/vnd.google-apps.spreadsheet'"


def test_a_token_that_expired_is_refused_and_a_new_one_is_given(session, rig):
    rig.tokens.expire()
    answer = session.get(ADDRESS)
    assert (answer.status_code, answer.json()["error"]["status"]) == (401, "UNAUTHENTICATED")
    assert requests.get(ADDRESS).status_code == 401


@pytest.mark.parametrize(("name", "applied"), [("drop", False), ("drop_after", True), ("cut_body", True)])
def test_a_connection_that_ends_early_is_an_error_of_the_network(session, rig, name, applied):
    rig.emulator.faults.append(name)
    with pytest.raises(requests.RequestException):
        session.post(f"{ADDRESS}:batchUpdate", json=WRITE)
    assert (len(rig.emulator.spreadsheets[SPREADSHEET].tabs) == 2) is applied
    assert session.get(ADDRESS).status_code == 200


def test_a_fault_keeps_the_connection(session, rig):
    rig.emulator.faults.extend(["html_502", "503_before", "429_retry_after"])
    answers = [session.get(ADDRESS) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [502, 503, 429, 200]
    assert answers[2].headers["Retry-After"] == "30"


def test_other_hosts_are_not_reached(session, rig):
    with pytest.raises(requests.exceptions.ProxyError):
        session.get("https://example.com/")
    assert rig.other_hosts == ["example.com"]


def test_nothing_is_left_when_it_ends(emulator, tmp_path):
    before = threading.active_count()
    with serving(emulator, tmp_path) as rig:
        assert rig.environment["HTTPS_PROXY"].startswith("http://127.0.0.1:")
    assert threading.active_count() == before
    with pytest.raises(requests.ConnectionError):
        requests.get(rig.environment["HTTPS_PROXY"])


def test_a_request_that_google_would_not_understand_fails_the_test(emulator, tmp_path):
    body = b'{"requests": [{"addSheet": {"name": "New"}}]}'
    with pytest.raises(AssertionError, match="'name' was unexpected"), serving(emulator, tmp_path):
        emulator.handle("POST", f"/v4/spreadsheets/{SPREADSHEET}:batchUpdate", {}, body)


def test_an_answer_that_is_not_googles_is_a_mistake_of_the_emulator(emulator):
    emulator.spreadsheets[SPREADSHEET].properties["color"] = "red"
    with pytest.raises(AnswerNotGoogles, match=r"spreadsheets\.get is not Google's"):
        emulator.handle("GET", f"/v4/spreadsheets/{SPREADSHEET}", {}, b"")


def test_without_checks_anything_goes(tmp_path: Path):
    emulator = Emulator(check=False)
    emulator.add("x").properties["color"] = "red"
    assert emulator.handle("GET", "/v4/spreadsheets/x", {}, b"")[0] == 200


def test_what_is_not_installed_is_told_in_one_line(emulator, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with pytest.raises(MissingDependency) as missing, serving(emulator, tmp_path):
        pass
    assert str(missing.value) == "'cryptography' is not installed. Run: pip install cryptography"
