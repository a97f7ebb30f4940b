"""What goes wrong on the way to Google and there, each by a short name that a test asks for.

What Google says stands in google_says.json, in its own words as far as they are known.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from kpicore.testing.sheets.refusals import GoogleRefusal, error_body

HttpAnswer = tuple[int, dict[str, str], bytes]

FAULTS: dict[str, bool] = {
    "400_office_file": False,
    "401_expired": False,
    "403_api_disabled": False,
    "403_not_shared": False,
    "403_scope": False,
    "404": False,
    "429": False,
    "429_retry_after": False,
    "500": False,
    "503_before": False,
    "503_after": True,
    "504_after": True,
    "html_502": False,
    "html_502_after": True,
    "cut_body": True,
    "drop": False,
    "drop_after": True,
}
"""By name, whether the request was applied all the same before it went wrong."""

_SAID = {"503_before": "503", "503_after": "503", "504_after": "504"}
_JSON = {"Content-Type": "application/json; charset=UTF-8"}
_TITLE = "Error 502 (Server Error)!!1"
_PAGE = f"<!DOCTYPE html><html lang=en><title>{_TITLE}</title><p><b>502.</b> That's an error.</html>".encode()


class ConnectionDropped(ConnectionResetError):
    """The connection ended before an answer came."""


def check_fault(name: str) -> None:
    """Raise ValueError for a name that is no fault's; "" is that all goes well."""
    if name and name not in FAULTS:
        raise ValueError(f"no fault {name!r}: there are {', '.join(sorted(FAULTS))}")


def spoiled(name: str, answer: HttpAnswer) -> HttpAnswer:
    """Return what arrives in place of an answer. Raises ConnectionDropped when nothing does."""
    if name.startswith("drop"):
        raise ConnectionDropped("the connection was dropped")
    if name.startswith("html"):
        return 502, {"Content-Type": "text/html; charset=UTF-8"}, _PAGE
    if name == "cut_body":
        status, headers, body = answer
        return status, {**headers, "Content-Length": str(len(body))}, body[: len(body) // 2]
    refusal = said(_SAID.get(name, name))
    headers = {**_JSON, "Retry-After": "30"} if name == "429_retry_after" else dict(_JSON)
    return refusal.code, headers, error_body(refusal.code, refusal.status, refusal.message, refusal.details)


def said(name: str) -> GoogleRefusal:
    """Return a refusal in Google's words: said("401_expired") that of a token which is not, or no longer, known."""
    error = _sayings()[name]
    return GoogleRefusal(error["message"], error["code"], error["status"], error.get("details"))


@cache
def _sayings() -> dict[str, dict[str, Any]]:
    text = (Path(__file__).parent / "google_says.json").read_text(encoding="utf-8")
    sayings: dict[str, dict[str, Any]] = json.loads(text)
    return sayings
