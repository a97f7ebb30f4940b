"""A Google that gives the answers it was told to, below gspread and requests: nothing goes over a network."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from kpicore.testing import MadeUpClock
from kpicore.testing.sheets import Emulator
from kpicore_sheets.google.client import GoogleSheets
from kpicore_sheets.google.credentials import Login
from kpicore_sheets.google.retrying import Patience
from kpicore_sheets.google.transport import OneHostSession

CANARY = "canary-4711"
"""Part of every secret of these tests: it may stand nowhere but in requests to Google."""
Reply = tuple[int, Mapping[str, str], bytes]
TOKEN: Reply = (200, {}, json.dumps({"access_token": f"token-{CANARY}", "expires_in": 3599}).encode())


def error(http: int, status: str, message: str = "", **more: Any) -> Reply:
    """Return an error as Google writes it."""
    return http, {}, json.dumps({"error": {"code": http, "message": message, "status": status, **more}}).encode()


def info(reason: str, **metadata: str) -> dict[str, Any]:
    """Return the `details` of an error with a reason."""
    kind = "type.googleapis.com/google.rpc.ErrorInfo"
    return {"details": [{"@type": kind, "reason": reason, "domain": "googleapis.com", "metadata": metadata}]}


def person() -> Login:
    """Return a person who has to ask for a token."""
    from google.oauth2.credentials import Credentials

    secrets = {key: f"{key}-{CANARY}" for key in ("refresh_token", "client_id", "client_secret")}
    return Login(Credentials.from_authorized_user_info(secrets), "", "a person")


def sheets_of(emulator: Emulator, account: str = "kpi@acme.iam.gserviceaccount.com") -> GoogleSheets:
    """Return the client over an emulator in this process."""

    def answer(request: requests.PreparedRequest) -> Reply:
        if request.url == "https://oauth2.googleapis.com/token":
            return TOKEN
        body = request.body.read() if request.body is not None else b""
        return emulator.handle(request.method, request.path_url, dict(request.headers), body)

    def session() -> requests.Session:
        session = OneHostSession()
        session.mount("https://", CannedAdapter(answer))
        return session

    who = Login(person().credentials, account, "an account")
    return GoogleSheets(who, MadeUpClock(), session=session, chance=lambda: 1.0)


@dataclass
class CannedGoogle:
    """Gives `replies` one after the other, the last again and again; `sent` are the requests but those for a token.

    A reply may be an exception that is raised, after the body was read or, with `unread`, before.
    """

    replies: list[Reply | Exception]
    token: Reply = TOKEN
    unread: bool = False
    sent: list[requests.PreparedRequest] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def session(self) -> requests.Session:
        session = OneHostSession()
        session.mount("https://", CannedAdapter(self._answer))
        return session

    def sheets(self, clock: MadeUpClock | None = None, **more: Any) -> GoogleSheets:
        """Return the client, as the product makes it but for the network, the clock and chance."""
        given = {"patience": Patience(), "chance": lambda: 1.0} | more
        return GoogleSheets(person(), clock or MadeUpClock(), session=self.session, **given)

    def _answer(self, request: requests.PreparedRequest) -> Reply:
        if request.url == "https://oauth2.googleapis.com/token":
            return self.token
        self.sent.append(request)
        if request.body is not None and not self.unread:
            self.bodies.append(request.body.read())
        reply = self.replies[min(len(self.sent), len(self.replies)) - 1]
        if isinstance(reply, Exception):
            raise reply
        return reply


class CannedAdapter(HTTPAdapter):
    """Gives what a function answers in the place of a network."""

    def __init__(self, answer: Callable[[requests.PreparedRequest], Reply]) -> None:
        super().__init__()
        self._answer = answer

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        http, headers, body = self._answer(request)
        length = headers.get("Content-Length")
        raw = HTTPResponse(io.BytesIO(body), dict(headers), http, preload_content=False, request_method=request.method)
        raw.length_remaining = int(length) if length else len(body)
        return self.build_response(request, raw)
