"""What may come of one request: an answer of some kind, or none.

Errors of Google: https://cloud.google.com/apis/design/errors
Their reasons: https://cloud.google.com/dotnet/docs/reference/Google.Api.CommonProtos/latest/Google.Api.ErrorReason
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import Any

from kpicore import harmless, shortened
from kpicore_sheets.google.json_objects import json_object

_LONGEST = 300
"""Characters of Google's line that are told."""
_MOST_DETAILS = 20

COLLISIONS = frozenset({408, 409, 425})
"""Came too late, met another change, came too early: errors of 400 and above that may pass by themselves."""
NEVER_BETTER = frozenset({501, 505, 511})
"""Not implemented, HTTP of another version, a network that wants a login first: another try ends the same way."""


@dataclass(frozen=True, slots=True)
class GoogleAnswer:
    """An answer over HTTP, of Google or of somebody in between; `retry_after` is that header as it came.

    `read` is the JSON object that it is, None where it is anything else: a page, a list, a part of one.
    """

    http: int
    read: dict[str, Any] | None = field(default=None, repr=False)
    retry_after: str = ""

    @classmethod
    def of(cls, http: int, body: bytes = b"", retry_after: str = "") -> GoogleAnswer:
        """Return the answer with this body, which is read once: it may be large."""
        return cls(http, json_object(body), retry_after)

    @property
    def content(self) -> dict[str, Any] | None:
        """What Google answers where all is well, None where this is none of its answers."""
        return None if self.http != 200 or self.read is None or "error" in self.read else self.read

    @property
    def error(self) -> GoogleError | None:
        """What Google says went wrong, None where this is none of its errors."""
        error = (self.read or {}).get("error")
        return _google_error(error) if isinstance(error, dict) else None


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer: why, and whether any of the request was sent.

    `reason` is one of doctor's where another try would end the same way, else "".
    """

    why: str
    sent: bool = True
    reason: str = ""


Outcome = GoogleAnswer | Lost


@dataclass(frozen=True, slots=True)
class GoogleError:
    """An error in Google's own fields: its status, the reasons that it gives, their metadata, and a line for people."""

    status: str = ""
    reasons: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    line: str = ""

    @property
    def is_of_a_day(self) -> bool:
        """Whether a quota for a whole day is used up: `quota_unit` is like "1/min/{project}" or "1/d/{project}"."""
        of_a_day = self.metadata.get("quota_unit", "").startswith("1/d") or "PerDay" in self.metadata.get(
            "quota_limit", ""
        )
        return of_a_day or "dailyLimitExceeded" in self.reasons


def google_line(text: object) -> str:
    """Return a line of Google as our messages show it: short, and nothing in it steers a terminal."""
    return harmless(shortened(" ".join(str(text).split()), _LONGEST), _LONGEST)


def seconds_to_wait(retry_after: str, now: datetime) -> float:
    """Return what a header Retry-After asks for, seconds or a moment; 0 for what is neither.

    >>> from datetime import UTC
    >>> seconds_to_wait("30", datetime(2026, 1, 1, tzinfo=UTC))
    30.0
    >>> seconds_to_wait("Thu, 01 Jan 2026 00:01:00 GMT", datetime(2026, 1, 1, tzinfo=UTC))
    60.0
    """
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds())
    except (ValueError, TypeError, OverflowError):  # no date, one without a zone, one out of all time
        return 0.0


def _google_error(error: Mapping[str, Any]) -> GoogleError:
    details = [*_records(error.get("details")), *_records(error.get("errors"))]
    metadata = [detail["metadata"] for detail in details if isinstance(detail.get("metadata"), dict)]
    return GoogleError(
        status=str(error.get("status") or "")[:80],
        reasons=tuple(detail["reason"][:80] for detail in details if isinstance(detail.get("reason"), str)),
        metadata=MappingProxyType({str(key): google_line(value) for part in metadata for key, value in part.items()}),
        line=google_line(error.get("message") or ""),
    )


def _records(listed: object) -> Iterator[dict[str, Any]]:
    if isinstance(listed, list):
        yield from (record for record in listed[:_MOST_DETAILS] if isinstance(record, dict))
