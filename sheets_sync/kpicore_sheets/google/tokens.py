"""The token that goes with each request, and what Google says when there is none.

https://developers.google.com/identity/protocols/oauth2/service-account#jwt-auth
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from requests import Response, Session

from kpicore import Clock
from kpicore_sheets.google.credentials import Login
from kpicore_sheets.google.json_objects import json_object
from kpicore_sheets.google.outcomes import Lost, google_line
from kpicore_sheets.google.problems import Asked, denied
from kpicore_sheets.google.transport import TIMEOUT, RawAnswer, raw_over_http
from kpicore_sheets.port import Denied

_MOST_BYTES = 1_000_000
_MOST_SECONDS = 300.0
"""By which the clocks of a machine and of Google may differ: a token is asked for with a time of ours."""
_NO_TOKEN = "no token for the login"
_BY_ERROR = {"invalid_scope": "scope", "access_denied": "policy", "admin_policy_enforced": "policy"}
"""Doctor's reason for an error of OAuth; every other one is a login that is not accepted."""


class TokenAnswer:
    """An answer as google-auth reads it."""

    def __init__(self, raw: RawAnswer) -> None:
        self.status, self.data, self.headers = raw.http, raw.body, raw.headers


class AccessTokens:
    """Gives the headers of a login. `requests` counts what was asked for tokens."""

    def __init__(self, who: Login, session: Session, clock: Clock) -> None:
        self.requests = 0
        self._who, self._session, self._clock, self._date = who, session, clock, ""
        self._lost = Lost(f"{_NO_TOKEN}: no answer")  # google-auth has its own ways where it asks a machine

    def headers(self) -> dict[str, str] | Lost:
        """Return the headers with a token, asked for anew where it is too old; Lost where nobody answers.

        Raises: Denied where Google gives none.
        """
        credentials, headers = self._who.credentials, dict[str, str]()
        # not by `before_request`, which asks in a thread of its own for where a token may be used
        problem = None if credentials.valid else self._problem(lambda: credentials.refresh(self._ask))
        if isinstance(problem, Denied):
            raise problem
        if problem:
            return problem
        credentials.apply(headers)
        return headers

    def forget(self) -> None:
        """Let the next request have another token."""
        self._who.credentials.token = None

    def _problem(self, refresh: Callable[[], None]) -> Denied | Lost | None:
        try:
            refresh()
        except TransportError:
            return replace(self._lost, sent=False)
        except RefreshError as error:
            return self._refused(error)
        except GoogleAuthError:
            return self._denied("token")
        except Exception:  # foreign code over a foreign answer: a wrong type in it raises as it happens
            return Lost("the answer with the token cannot be read", sent=False)
        return None

    def _refused(self, refusal: RefreshError) -> Denied | Lost:
        answer: Mapping[str, Any] | None = next((part for part in refusal.args if isinstance(part, Mapping)), None)
        if refusal.retryable or isinstance(refusal.__cause__, TransportError):
            return replace(self._lost, sent=False)
        if answer is not None and "error" not in answer:
            return Lost("the answer with the token cannot be read", sent=False)
        answer = answer or {}
        error = str(answer.get("error") or "")
        if error == "invalid_grant" and _differ(self._date, self._clock.now()) > _MOST_SECONDS:
            return self._denied("clock")
        return self._denied(_BY_ERROR.get(error, "token"), _in_words(answer))

    def _denied(self, reason: str, line: str = "") -> Denied:
        return denied(reason, Asked(account=self._who.account), line=line)

    def _ask(
        self, url: str, method: str = "GET", body: bytes | None = None, headers: Any = None, **_: Any
    ) -> TokenAnswer:
        """Ask for a token, as google-auth wants it done. Raises TransportError where another try may help.

        google-auth itself would try again at once, by the clock of the machine.
        """
        self.requests += 1

        def send() -> Response:
            return self._session.request(method, url, data=body, headers=headers, timeout=TIMEOUT)

        raw = raw_over_http(send, self._clock, most_bytes=_MOST_BYTES)
        if isinstance(raw, Lost):
            self._lost = replace(raw, why=f"{_NO_TOKEN}: {raw.why}")
            raise TransportError
        # a machine of Google's is asked over http, and answers with plain texts too
        if raw.http >= 500 or raw.http in (408, 429) or (url.startswith("https:") and json_object(raw.body) is None):
            self._lost = Lost(f"{_NO_TOKEN}: HTTP {raw.http}")
            raise TransportError
        self._date = raw.headers.get("Date", "")
        return TokenAnswer(raw)


def _in_words(answer: Mapping[str, Any]) -> str:
    return google_line(": ".join(str(answer[key]) for key in ("error", "error_description") if answer.get(key)))


def _differ(date: str, now: datetime) -> float:
    """Return by how many seconds an answer's date is another than ours, 0 where it has none."""
    try:
        return abs((parsedate_to_datetime(date) - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return 0.0
