"""Targets of requests: servers take a whole address too, whose host then counts, not that of the header."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from starlette.types import Scope

_ABSOLUTE = re.compile(rb"https?://([^/?#]*)([^?#]*)", re.I)


def with_path(scope: Scope) -> Scope:
    """Return a request with its target as a path; of a whole address the host stands in the header.

    >>> found = with_path({"path": "http://a:1/b%20c", "raw_path": b"http://a:1/b%20c", "headers": [(b"host", b"x")]})
    >>> found["path"], found["headers"]
    ('/b c', [(b'host', b'a:1')])
    """
    if scope["path"].startswith("/"):
        return scope
    found = _ABSOLUTE.fullmatch(scope.get("raw_path") or scope["path"].encode())
    if found is None:
        return scope
    headers = [(b"host", found[1]), *(each for each in scope["headers"] if each[0] != b"host")]
    path = found[2] or b"/"
    return {**scope, "path": unquote(path.decode("ascii", "replace")), "raw_path": path, "headers": headers}
