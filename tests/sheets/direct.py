"""Google Sheets without a network: the port of kpicore_sheets over the emulator in this process.

A change is sent again after a 429 or 503 as the real client does, but at once and with the same bytes; where an answer
is lost it is Unsure.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from kpicore.testing.sheets import ConnectionDropped, Emulator
from kpicore_sheets.port import BatchRefused, Busy, Denied, Unsure
from kpicore_sheets.sync.ids import table_ids

_NOT_APPLIED = (401, 429)


@dataclass(slots=True)
class DirectSpreadsheets:
    """The port over an emulator. `tries` are those of one request before it is given up."""

    emulator: Emulator
    tries: int = 4
    sent: list[bytes] = field(default_factory=list)
    requests: int = 0

    def get(self, spreadsheet: str, fields: str, ranges: Sequence[str] = ()) -> dict[str, Any]:
        return self._read(f"/v4/spreadsheets/{spreadsheet}", [("fields", fields), *(("ranges", r) for r in ranges)])

    def values(self, spreadsheet: str, ranges: Sequence[str], render: str = "UNFORMATTED_VALUE") -> dict[str, Any]:
        query = [("valueRenderOption", render), *(("ranges", r) for r in ranges)]
        return self._read(f"/v4/spreadsheets/{spreadsheet}/values:batchGet", query)

    def batch_update(self, spreadsheet: str, body: bytes) -> dict[str, Any]:
        self.sent.append(body)
        for _ in range(self.tries):
            status, content = self._once("POST", f"/v4/spreadsheets/{spreadsheet}:batchUpdate", body)
            if status == 200 and content is not None:
                return content
            if status not in _NOT_APPLIED:
                raise self._refusal(status, content) if status in (400, 403, 404) else Unsure("the answer was lost.")
        raise Busy("Google did not answer.")

    def values_update(self, spreadsheet: str, body: bytes) -> dict[str, Any]:
        self.sent.append(body)
        for _ in range(self.tries):
            status, content = self._once("POST", f"/v4/spreadsheets/{spreadsheet}/values:batchUpdate", body)
            if status == 200 and content is not None:
                return content
            if status in (400, 403, 404):
                raise self._refusal(status, content)
        raise Busy("Google did not answer.")

    def _read(self, path: str, query: Sequence[tuple[str, str]]) -> dict[str, Any]:
        for _ in range(self.tries):
            status, content = self._once("GET", f"{path}?{urlencode(query, quote_via=quote)}", b"")
            if status == 200 and content is not None:
                return content
            if status in (400, 403, 404):
                raise self._refusal(status, content)
        raise Busy("Google did not answer.")

    def _once(self, method: str, path: str, body: bytes) -> tuple[int, dict[str, Any] | None]:
        """Return status and content of one answer; status 0 where none came, no content where it is cut."""
        self.requests += 1
        try:
            status, _, answer = self.emulator.handle(method, path, {}, body)
        except ConnectionDropped:
            return 0, None
        try:
            return status, json.loads(answer)
        except ValueError:
            return 0, None

    @staticmethod
    def _refusal(status: int, content: dict[str, Any] | None) -> Exception:
        message = (content or {}).get("error", {}).get("message", "")
        return BatchRefused(message) if status == 400 else Denied(message, reason="not_shared")


class RefusingSome(DirectSpreadsheets):
    """Google, which refuses each batch that has to do with some tables."""

    names: tuple[str, ...] = ()

    def batch_update(self, spreadsheet: str, body: bytes) -> dict[str, Any]:
        if any(table_ids(name).area.encode() in body for name in self.names):
            self.requests += 1
            raise BatchRefused("no.")
        return DirectSpreadsheets.batch_update(self, spreadsheet, body)
