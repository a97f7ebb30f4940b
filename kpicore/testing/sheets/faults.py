"""What goes wrong on the way to Google and there, each by a short name that a test asks for.

What Google says stands in google_says.json, in its own words as far as they are known.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kpicore.testing.sheets.refusals import GoogleRefusal

HttpAnswer = tuple[int, dict[str, str], bytes]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong: whether the request was `applied` all the same, and what Google says, if it does."""

    applied: bool
    says: str = ""


FAULTS = {
    **{
        name: Fault(False, name)
        for name in "400_office_file 401_expired 403_api_disabled 403_not_shared 403_scope 404 429 500".split()
    },
    "429_retry_after": Fault(False, "429"),
    "503_before": Fault(False, "503"),
    "503_after": Fault(True, "503"),
    "504_after": Fault(True, "504"),
    "html_502": Fault(False),
    "html_502_after": Fault(True),
    "cut_body": Fault(True),
    "drop": Fault(False),
    "drop_after": Fault(True),
}
"""By name; those that end in `_after`, and a cut body, come after the request was applied."""

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
    refusal = said(FAULTS[name].says)
    headers = {**_JSON, "Retry-After": "30"} if name == "429_retry_after" else dict(_JSON)
    return refusal.code, headers, refusal.body()


def said(name: str) -> GoogleRefusal:
    """Return a refusal in Google's words: said("401_expired") that of a token which is not, or no longer, known."""
    error = _sayings()[name]
    return GoogleRefusal(error["message"], error["code"], error["status"], error.get("details"))


@cache
def _sayings() -> dict[str, dict[str, Any]]:
    text = (Path(__file__).parent / "google_says.json").read_text(encoding="utf-8")
    sayings: dict[str, dict[str, Any]] = json.loads(text)
    return sayings
