"""A client over the emulator whose process is killed, and the faults that requests meet on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.sheets.direct import DirectSpreadsheets

FAULTS = (
    "429",
    "503_before",
    "503_after",
    "html_502",
    "html_502_after",
    "cut_body",
    "drop",
    "drop_after",
    "401_expired",
)


class Killed(BaseException):
    """The process ended here."""


@dataclass(slots=True)
class KilledSpreadsheets(DirectSpreadsheets):
    """A client whose process ends with one of its requests, before Google did what it asked or after."""

    dies_at: int = 0
    dies_after: bool = False

    def _once(self, method: str, path: str, body: bytes) -> tuple[int, dict[str, Any] | None]:
        dies = self.dies_at and self.requests + 1 == self.dies_at
        if dies and not self.dies_after:
            raise Killed
        result = DirectSpreadsheets._once(self, method, path, body)
        if dies:
            raise Killed
        return result
