"""Who may ask: a request is admitted by its token, and it is kept when a token was last used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from kpicore import BadConfig, KpiError
from kpicore_http.last_use import LastUse
from kpicore_http.refusals import RequestRefused
from kpicore_http.tokens import Token, Tokens

_NONE = "A token is needed: enter it in the KPI pane. Who runs the server makes it."
_NOT_VALID = "This token is not valid, or it was revoked. Ask who runs the server for a new one."
_RETRY_SECONDS = 10
_EXPIRED = "This token has expired. Ask who runs the server for a new one."


Words = Callable[[KpiError, str], str]
"""The words for callers; the text beside the error is another one each time that the operator is to be told anew."""


def utc_now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)


class Admission:
    """Admits to one workspace; safe to use from threads. `words` tells what a caller may read of an error, `now` is
    the clock."""

    def __init__(self, folder: Path, words: Words, now: Callable[[], datetime] = utc_now) -> None:
        self._tokens = Tokens(folder)
        self._last_use = LastUse(folder)
        self._words, self._now = words, now
        self._times_read, self._is_broken = 0, False

    def admitted(self, authorization: str | None) -> Token:
        """Return the token in an Authorization header. Raises RequestRefused: no token, no numbers."""
        text = _text(authorization)
        if not text:
            raise RequestRefused(401, _NONE)
        now = self._now()
        try:
            token = self._tokens.token_of(text)
            # the file can be read again: the next time that it cannot is news for the operator
            if self._is_broken:
                self._times_read, self._is_broken = self._times_read + 1, False
            if token is None:
                raise RequestRefused(401, _NOT_VALID)
            if token.expires is not None and now >= token.expires:
                raise RequestRefused(401, _EXPIRED)
            self._last_use.used(token.sha256, now, self._tokens.known())
        except BadConfig as error:
            raise RequestRefused(503, self._words_of(error), _RETRY_SECONDS) from None
        return token

    def name_at_once(self, authorization: str) -> str:
        """Return the name of the token in an Authorization header, "" for none: as far as it is known without a look
        at files. It admits nobody."""
        text = _text(authorization)
        token = self._tokens.token_as_read(text) if text else None
        return token.name if token is not None else ""

    def _words_of(self, error: BadConfig) -> str:
        self._is_broken = True
        return self._words(error, f"{self._tokens.state} {self._times_read}")

    def close(self) -> None:
        """Write when tokens were last used."""
        try:
            known = self._tokens.known()
        except BadConfig:
            return  # which tokens there are is not known
        self._last_use.close(known)


def _text(authorization: str | None) -> str:
    """Return the text of the token in an Authorization header, empty where there is none."""
    scheme, _, text = (authorization or "").strip().partition(" ")
    return text.strip() if scheme.casefold() == "bearer" else ""
