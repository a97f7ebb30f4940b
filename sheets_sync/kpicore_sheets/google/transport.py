"""HTTP as we want it: no answer without end, no other host than the one asked, no login but ours, TLS checked."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

import requests
import urllib3
from requests import Response, exceptions
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.exceptions import NameResolutionError, NewConnectionError

from kpicore import Clock, __version__
from kpicore_sheets.google.outcomes import GoogleAnswer, Lost, Outcome

TIMEOUT = (10.0, 120.0)
"""Seconds for a connection, and for each next piece of an answer."""
_LONGEST_SECONDS = 300.0
"""For a whole answer, which may come in small pieces."""
_PIECE = 65_536


class OneHostSession(requests.Session):
    """A session that follows no redirection, takes no name and password from a netrc file, and reads when asked to."""

    def __init__(self) -> None:
        super().__init__()
        self.stream = True
        self.mount("https://", _PromptAdapter())
        # else a netrc file's entry would stand in the place of our token
        self.auth = _unchanged
        self.headers.update({"User-Agent": f"kpicore/{__version__} (gzip)", "Accept-Encoding": "gzip"})

    def get_redirect_target(self, resp: Response) -> None:
        """Return no target: what redirects is none of the answers that we know, and the token is for one host."""
        return None


class _PromptAdapter(HTTPAdapter):
    """Sends a body at once after its headers: through a proxy urllib3 would wait until these have arrived."""

    def proxy_manager_for(self, proxy: str, **more: Any) -> Any:
        """Return what makes the connections through a proxy."""
        return super().proxy_manager_for(proxy, socket_options=HTTPConnection.default_socket_options, **more)


def _unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


class SentBytes:
    """A body that tells whether any of it was taken for sending: what was not cannot have been applied."""

    def __init__(self, content: bytes) -> None:
        self._content, self._at, self.taken = content, 0, False

    def __len__(self) -> int:
        return len(self._content)

    def __iter__(self) -> Iterator[bytes]:
        yield self.read()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        self.taken = True
        until = len(self._content) if size < 0 else self._at + size
        piece, self._at = self._content[self._at : until], min(until, len(self._content))
        return piece


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """An answer as it came."""

    http: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def outcome_over_http(send: Callable[[], Response], clock: Clock, *, most_bytes: int) -> Outcome:
    """Return what comes of sending a request to Google."""
    raw = raw_over_http(send, clock, most_bytes=most_bytes)
    if isinstance(raw, Lost):
        return raw
    return GoogleAnswer.of(raw.http, raw.body, raw.headers.get("Retry-After", ""))


def raw_over_http(send: Callable[[], Response], clock: Clock, *, most_bytes: int) -> RawAnswer | Lost:
    """Return what comes of sending a request. Nothing is raised: how libraries tell a failure may hold its headers."""
    try:
        response = send()
        with response:
            body = _body(response, clock, most_bytes)
    except (exceptions.RequestException, urllib3.exceptions.HTTPError, HTTPException, OSError, ValueError) as error:
        return _lost(error)
    if body is None:
        return Lost("the answer is too large, or takes too long", reason="too_large")
    return RawAnswer(response.status_code, response.headers, body)


def _body(response: Response, clock: Clock, most_bytes: int) -> bytes | None:
    """Return the body, None where it is too large or has no end."""
    pieces, size, started = list[bytes](), 0, clock.elapsed()
    for piece in response.iter_content(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > most_bytes or clock.elapsed() - started > _LONGEST_SECONDS:
            return None
    return b"".join(pieces)


_TUNNEL_REFUSED = re.compile(r"Tunnel connection failed: 4\d\d\b")
"""What Python says of a proxy that wants a password, or lets nobody through to this host."""
_WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (NameResolutionError, "the name of the host is not found"),
    (exceptions.ProxyError, "the proxy does not answer"),
    (exceptions.ConnectTimeout, "no connection in time"),
    (exceptions.ReadTimeout, "no answer in time"),
    (NewConnectionError, "no connection"),
    (exceptions.SSLError, "no connection over TLS"),
    (exceptions.ChunkedEncodingError, "the answer broke off"),
    (exceptions.ContentDecodingError, "the answer cannot be unpacked"),
)


def _lost(error: BaseException) -> Lost:
    """Return a failure in our words, as if it was sent: those of the libraries may hold the password of a proxy."""
    causes = [*_causes(error)]
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return Lost("the certificate is not trusted", reason="certificate")
    if any(_TUNNEL_REFUSED.match(str(cause)) for cause in causes if isinstance(cause, OSError)):
        return Lost("the proxy refuses", reason="proxy")
    if isinstance(error, exceptions.InvalidHeader):  # of a project whose quota is used, or of a token
        return Lost("a field of the login has signs that no request can carry", sent=False, reason="bad_credentials")
    if isinstance(error, exceptions.InvalidSchema | exceptions.InvalidProxyURL | exceptions.InvalidURL):
        return Lost("the address of the proxy cannot be read", reason="proxy")
    if type(error) is OSError:  # as requests says that REQUESTS_CA_BUNDLE names nothing
        return Lost("the file of certificate authorities cannot be read", reason="certificate")
    words = (word for kind, word in _WORDS if any(isinstance(cause, kind) for cause in causes))
    return Lost(next(words, "the connection broke off"))


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and those it was made of, as requests and urllib3 nest them."""
    waiting, seen = [error], set[int]()
    while waiting:
        cause = waiting.pop()
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        inner = (*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__)
        waiting += [part for part in inner if isinstance(part, BaseException)]
