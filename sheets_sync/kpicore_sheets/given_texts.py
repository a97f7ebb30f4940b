"""What people gave as a path, a name or an address, as messages tell it: a secret may stand in its place."""

from __future__ import annotations

import os
import re
from pathlib import Path

from kpicore import harmless

_LONGEST = 100
"""Characters of a text that are told."""
_LONGEST_PATH = 500
_SECRET = re.compile(
    r"""
      [{}\r\n]                                # the content of a file of JSON or PEM
    | PRIVATE\ KEY
    | ya29\. | \b1/{1,2}0[\w-]{20} | GOCSPX- | AIza\w  # what begins so is Google's: access and refresh tokens, keys
    | \bkpi_[\w-]{40}                         # a token of kpi serve
    | \beyJ[\w-]{20}                          # JSON as base64, a signed token
    | [A-Za-z0-9+=]{60}                       # a line of a PEM file, base64 at large
    | :/{0,2}[^/\\\s@]+@                      # an address with a password
    """,
    re.VERBOSE,
)
_EMAIL = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}")


def quoted(text: str) -> str:
    """Return a text between quotes, cut where it is long; what looks like a secret is not told at all.

    >>> quoted("Sales 2026"), quoted("-----BEGIN PRIVATE KEY-----"), quoted("https://ann:secret@example.com")
    ("'Sales 2026'", 'what stands there', 'what stands there')
    """
    return "what stands there" if _SECRET.search(text) else f"'{harmless(text, _LONGEST)}'"


def path_told(path: str | Path) -> str | None:
    """Return a path as messages tell it, None for what can be none: it may be what should stand in the file.

    >>> path_told("keys/google.json"), path_told('{"type": "service_account"}')
    ('keys/google.json', None)
    """
    text = str(path)
    if not os.path.isfile(text) and (len(text) > _LONGEST_PATH or _SECRET.search(text)):
        return None
    return harmless(text)


def email_told(text: object) -> str:
    """Return an address of e-mail, "" for what is none.

    >>> email_told("kpi@acme.iam.gserviceaccount.com"), email_told("-----BEGIN PRIVATE KEY-----")
    ('kpi@acme.iam.gserviceaccount.com', '')
    """
    return text if isinstance(text, str) and _EMAIL.fullmatch(text) else ""
