"""Headers of every response: what a browser may do with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from kpicore import Page

Header = tuple[bytes, bytes]

LOCAL = ("localhost", "127.0.0.1", "::1")
_STRICT = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
_ALWAYS: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
_ONE_YEAR = (b"strict-transport-security", b"max-age=31536000")


def policy(needs: Mapping[str, str]) -> str:
    """Return a Content-Security-Policy: nothing is allowed but what is needed.

    >>> policy({"img-src": "'self'"})
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; img-src 'self'"
    """
    return "; ".join(f"{name} {allowed}" for name, allowed in {**_STRICT, **needs}.items())


STRICT = policy({})
API_HEADERS: tuple[Header, ...] = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", STRICT.encode()),
    (b"x-frame-options", b"DENY"),
)
REFUSAL_HEADERS: tuple[Header, ...] = ((b"content-type", b"application/json"), *API_HEADERS, *_ALWAYS)


class Headers:
    """The headers of the responses of a server that others know by `url`; `pages` may need more than the rest."""

    def __init__(self, url: str, pages: Iterable[Page]) -> None:
        self._policies = {f"/{page.path}": policy(dict(page.needs)) for page in pages if page.needs}
        parts = urlsplit(url)
        is_elsewhere = parts.scheme == "https" and parts.hostname not in LOCAL
        self._always = (*_ALWAYS, _ONE_YEAR) if is_elsewhere else _ALWAYS

    def completed(self, path: str, own: Iterable[Header]) -> list[Header]:
        """Return the headers of a response to a request for `path`, with those that every response has."""
        headers = list(own)
        names = {name.lower(): value for name, value in headers}
        allowed = names.get(b"content-security-policy", self._policies.get(path, STRICT).encode())
        wanted = [(b"content-security-policy", allowed), *self._always]
        if b"frame-ancestors 'none'" in allowed:
            wanted.append((b"x-frame-options", b"DENY"))
        return headers + [header for header in wanted if header[0] not in names]
