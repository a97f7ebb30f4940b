"""Logins that google-auth finds by itself: a machine of Google's, and who may act as a service account."""

from __future__ import annotations

import json
from typing import Any

import google.auth.compute_engine
import google.auth.impersonated_credentials
import pytest
import requests

from kpicore.testing import MadeUpClock
from kpicore_sheets.google.client import GoogleSheets
from kpicore_sheets.google.credentials import SCOPES, Login
from kpicore_sheets.google.retrying import Patience
from kpicore_sheets.google.transport import OneHostSession
from kpicore_sheets.port import Busy
from tests.sheets.canned import TOKEN, CannedAdapter, Reply, person

JSON = {"Content-Type": "application/json"}
MACHINE = "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/"


def sheets(credentials: Any, answers: dict[str, Reply], asked: list[str]) -> GoogleSheets:
    """Return the client of a login, over answers by how addresses begin."""

    def answer(request: requests.PreparedRequest) -> Reply:
        url = str(request.url)
        asked.append(f"{request.headers.get('Authorization')}")
        return next(reply for start, reply in answers.items() if url.startswith(start))

    def session() -> requests.Session:
        session = OneHostSession()
        for scheme in ("https://", "http://"):
            session.mount(scheme, CannedAdapter(answer))
        return session

    who = Login(credentials, "", "some login")
    return GoogleSheets(who, MadeUpClock(), session=session, chance=lambda: 1.0, patience=Patience(total=3))


def given(**content: object) -> Reply:
    return 200, JSON, json.dumps(content).encode()


DONE = {"https://sheets.googleapis.com/": given(spreadsheetId="1AbC")}


def test_a_machine_of_googles_is_asked_for_its_token():
    asked = list[str]()
    answers = {
        f"{MACHINE}default/token": given(access_token="t-machine", expires_in=3599),
        f"{MACHINE}kpi@acme.iam.gserviceaccount.com/token": given(access_token="t-machine", expires_in=3599),
        MACHINE: given(email="kpi@acme.iam.gserviceaccount.com", scopes=list(SCOPES), aliases=["default"]),
    }
    google_sheets = sheets(google.auth.compute_engine.Credentials(scopes=SCOPES), answers | DONE, asked)
    assert google_sheets.get("1AbC", "spreadsheetId") == {"spreadsheetId": "1AbC"}
    assert asked[-1] == "Bearer t-machine"


def test_who_may_act_as_a_service_account_gets_its_token():
    asked = list[str]()
    answers = {
        "https://oauth2.googleapis.com/token": TOKEN,
        "https://iamcredentials.googleapis.com/": given(accessToken="t-acts-as", expireTime="2030-01-01T00:00:00Z"),
    }
    source = person().credentials
    acts_as = google.auth.impersonated_credentials.Credentials(source, "kpi@acme.iam.gserviceaccount.com", SCOPES)
    google_sheets = sheets(acts_as, answers | DONE, asked)
    assert google_sheets.get("1AbC", "spreadsheetId") == {"spreadsheetId": "1AbC"}
    assert asked[-1] == "Bearer t-acts-as"


def test_a_machine_that_gives_no_token_is_told():
    reply: Reply = 404, {"Content-Type": "text/plain"}, b"not here"
    credentials = google.auth.compute_engine.Credentials(scopes=SCOPES)
    with pytest.raises(Busy):
        sheets(credentials, {MACHINE: reply}, []).get("1AbC", "spreadsheetId")
