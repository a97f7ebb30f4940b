"""Google Sheets over HTTP, by gspread: the only module that knows gspread.

API: https://developers.google.com/workspace/sheets/api/reference/rest
Its changes: https://developers.google.com/workspace/sheets/release-notes
gspread: https://docs.gspread.org
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from kpicore import Clock, Config, MissingDependency
from kpicore_sheets.google.credentials import Login, login
from kpicore_sheets.google.outcomes import GoogleAnswer, Lost, Outcome
from kpicore_sheets.google.problems import Asked, content_of
from kpicore_sheets.google.retrying import USUAL, Patience, outcome_of
from kpicore_sheets.port import Spreadsheets

try:
    from gspread.http_client import HTTPClient, ParamsType
    from gspread.urls import (
        SPREADSHEET_BATCH_UPDATE_URL,
        SPREADSHEET_URL,
        SPREADSHEET_VALUES_BATCH_UPDATE_URL,
        SPREADSHEET_VALUES_BATCH_URL,
    )
    from requests import Response, Session

    from kpicore_sheets.google.tokens import AccessTokens
    from kpicore_sheets.google.transport import TIMEOUT, OneHostSession, SentBytes, outcome_over_http
except ModuleNotFoundError:
    raise MissingDependency("gspread", "sheets") from None

_MOST_BYTES = 128 * 2**20
"""Of an answer, unpacked: 500,000 cells are about 60 MB."""


def spreadsheets(config: Config, clock: Clock) -> Spreadsheets:
    """Return Google's spreadsheets as the login of a workspace sees them. Raises Denied and MissingDependency."""
    return GoogleSheets(login(config), clock)


class _AnyAnswer(HTTPClient):
    """gspread's client, but for refusals: its own makes an exception of them that not every answer fits into."""

    def request(
        self,
        method: str,
        endpoint: str,
        params: ParamsType | None = None,
        data: Any = None,
        json: Mapping[str, Any] | None = None,
        files: Any = None,
        headers: Any = None,
    ) -> Response:
        """Return the answer, whatever it is."""
        return self.session.request(
            method, endpoint, params=params, data=data, json=json, files=files, headers=headers, timeout=self.timeout
        )


@dataclass(frozen=True, slots=True)
class _Request:
    """A request, whose bytes stay the same however often it is sent."""

    method: str
    url: str
    asked: Asked
    params: Mapping[str, Any] = field(default_factory=dict)
    body: bytes | None = field(default=None, repr=False)


class GoogleSheets:
    """Spreadsheets at Google, as the port has them. `token_requests` are counted apart."""

    def __init__(
        self,
        who: Login,
        clock: Clock,
        *,
        patience: Patience = USUAL,
        chance: Callable[[], float] = random.random,
        session: Callable[[], Session] = OneHostSession,
        most_bytes: int = _MOST_BYTES,
    ) -> None:
        self.requests = 0
        self._who, self._clock, self._most_bytes = who, clock, most_bytes
        self._patience, self._chance = patience, chance
        self._client = _AnyAnswer(auth=who.credentials, session=session())
        self._client.set_timeout(TIMEOUT)
        self._tokens = AccessTokens(who, session(), clock)

    @property
    def token_requests(self) -> int:
        """How many requests were sent for tokens."""
        return self._tokens.requests

    def get(self, spreadsheet: str, fields: str, ranges: Sequence[str] = ()) -> dict[str, Any]:
        """Return what `fields` name of a spreadsheet, of cells those in `ranges`."""
        params = {"fields": fields, "ranges": list(ranges), "prettyPrint": "false"}
        return self._asked(_Request("get", _address(SPREADSHEET_URL, spreadsheet), self._for(spreadsheet), params))

    def values(self, spreadsheet: str, ranges: Sequence[str], render: str = "UNFORMATTED_VALUE") -> dict[str, Any]:
        """Return values of ranges."""
        params = {"ranges": list(ranges), "valueRenderOption": render, "prettyPrint": "false"}
        url = _address(SPREADSHEET_VALUES_BATCH_URL, spreadsheet)
        return self._asked(_Request("get", url, self._for(spreadsheet), params))

    def batch_update(self, spreadsheet: str, body: bytes) -> dict[str, Any]:
        """Apply a batch, all of it or nothing, and return the answer."""
        url = _address(SPREADSHEET_BATCH_UPDATE_URL, spreadsheet)
        asked = self._for(spreadsheet, writes=True, repeatable=False)
        return self._asked(_Request("post", url, asked, {"prettyPrint": "false"}, body))

    def values_update(self, spreadsheet: str, body: bytes) -> dict[str, Any]:
        """Write values into ranges, which may be repeated."""
        url, asked = _address(SPREADSHEET_VALUES_BATCH_UPDATE_URL, spreadsheet), self._for(spreadsheet, writes=True)
        return self._asked(_Request("post", url, asked, {"prettyPrint": "false"}, body))

    def _for(self, spreadsheet: str, *, writes: bool = False, repeatable: bool = True) -> Asked:
        return Asked(spreadsheet, self._who.account, writes, repeatable)

    def _asked(self, request: _Request) -> dict[str, Any]:
        outcome = outcome_of(
            lambda: self._tried(request),
            repeatable=request.asked.repeatable,
            clock=self._clock,
            chance=self._chance,
            patience=self._patience,
        )
        return content_of(outcome, request.asked)

    def _tried(self, request: _Request) -> Outcome:
        """Return what came of a request, sent again with another token where the first was not taken."""
        outcome = self._sent(request)
        if isinstance(outcome, GoogleAnswer) and outcome.http == 401:  # a token may end before its time
            self._tokens.forget()
            outcome = self._sent(request)
        return outcome

    def _sent(self, request: _Request) -> Outcome:
        headers = self._tokens.headers()
        if isinstance(headers, Lost):
            return headers
        body = None
        if request.body is not None:
            body, headers = SentBytes(request.body), headers | {"Content-Type": "application/json"}
        self.requests += 1

        def send() -> Response:
            return self._client.request(
                request.method, request.url, params=dict(request.params), data=body, headers=headers
            )

        outcome = outcome_over_http(send, self._clock, most_bytes=self._most_bytes)
        if isinstance(outcome, Lost) and body is not None and not body.taken:
            return Lost(outcome.why, sent=False, reason=outcome.reason)
        return outcome


def _address(pattern: str, spreadsheet: str) -> str:
    return pattern % quote(spreadsheet, safe="")
