"""What is refused: one line, as JSON for programs and as a small page for people."""

from __future__ import annotations

import json
from html import escape

from kpicore import harmless
from kpicore_http.headers import Header
from kpicore_http.site import page, page_policy

BROKEN = "Internal error of the server. Who runs it finds one line about it in its log."
_LONGEST = 80


class RequestRefused(Exception):
    """A request that is answered with a status and one line; of a passing trouble, after how many seconds to retry."""

    def __init__(self, status: int, message: str, retry_seconds: int = 0) -> None:
        super().__init__(message)
        self.status, self.message, self.retry_seconds = status, message, retry_seconds


def refusal(accept: str, status: int, line: str) -> tuple[bytes, list[Header]]:
    """Return body and headers of a refusal; `accept` is the header that tells whether a browser asks."""
    if "text/html" in accept:
        body = page(f"{status}", f'<p>{escape(line)}</p>\n<p><a href="/">What this server has</a></p>').encode()
        kind, policy = b"text/html; charset=utf-8", page_policy()
    else:
        body = json.dumps({"refused": line}).encode()
        kind, policy = b"application/json", ""
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
    return body, headers + ([(b"content-security-policy", policy.encode())] if policy else [])


def not_there(path: str) -> str:
    """Return the line for a path that leads to nothing."""
    return f"There is nothing at '{_quoted(path)}'. See / for what there is."


def not_that_way(path: str, method: str, allowed: str) -> str:
    """Return the line for a method that a path does not know; `allowed` as the header Allow tells it."""
    return f"'{_quoted(path)}' is asked by {allowed or 'no method'}, not by {_quoted(method)}. See / for what there is."


def not_ours(host: str) -> str:
    """Return the line for a host name that this server does not answer for."""
    named = f"the host '{_quoted(host)}'" if host else "a request that names no host"
    return f"This server does not answer for {named}. See: kpi serve --url"


def _quoted(text: str) -> str:
    return harmless(text, _LONGEST)
