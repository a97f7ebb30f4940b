"""What the rest of the package asks of Google Sheets, and how that may fail; `client` is the one that really asks.

API: https://developers.google.com/workspace/sheets/api/reference/rest
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from kpicore import KpiError


class Denied(KpiError):
    """Google says no for good: not shared, no such spreadsheet, a revoked token. `reason` is one of doctor's."""

    def __init__(self, message: str, *, hint: str = "", reason: str = "") -> None:
        super().__init__(message, hint=hint)
        self.reason = reason


class Busy(KpiError):
    """Google did not answer in time or let us wait for too long; nothing was changed."""


class BatchRefused(KpiError):
    """A batch is not valid for the spreadsheet as it is now: nothing of it was applied. Read what changed."""


class Unsure(KpiError):
    """Whether a change was applied is not known: the answer was lost. What is there is to be read."""


class Spreadsheets(Protocol):
    """Spreadsheets at Google. Each method is one request, again where that changes nothing: the same bytes.

    All raise Denied and Busy.
    """

    @property
    def requests(self) -> int:
        """How many requests were sent so far, tries included; those for a token are not counted."""

    def get(self, spreadsheet: str, fields: str, ranges: Sequence[str] = ()) -> dict[str, Any]:
        """Return what `fields` name of a spreadsheet, of cells those in `ranges`; BatchRefused for no range."""

    def batch_update(self, spreadsheet: str, body: bytes) -> dict[str, Any]:
        """Apply a batch, all of it or nothing, and return the answer. Raises BatchRefused and Unsure."""

    def values_update(self, spreadsheet: str, body: bytes) -> dict[str, Any]:
        """Write values into ranges (values:batchUpdate), which may be repeated. Raises BatchRefused."""

    def values(self, spreadsheet: str, ranges: Sequence[str], render: str = "UNFORMATTED_VALUE") -> dict[str, Any]:
        """Return values of ranges (values:batchGet), as `valueRenderOption` has it. Raises BatchRefused."""
