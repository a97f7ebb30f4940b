"""How Google says no: a code, a status and a line, in its own form."""

from __future__ import annotations

import json
from typing import Any

_STATUSES = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND"}


class GoogleRefusal(Exception):
    """What Google does not do: raised by what handles a request, answered as JSON."""

    def __init__(self, message: str, code: int = 400, status: str = "", details: list[Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status or _STATUSES.get(code, "UNIMPLEMENTED")
        self.details = details

    def body(self) -> bytes:
        """Return the error as Google writes it."""
        error: dict[str, Any] = {"code": self.code, "message": self.message, "status": self.status}
        if self.details:
            error["details"] = self.details
        return json.dumps({"error": error}, indent=2).encode()


def unknown(what: str) -> GoogleRefusal:
    """Return the refusal of what the emulator does not know, and Google may: 501, so that no test relies on it."""
    return GoogleRefusal(f"the emulator does not know {what}", 501, "UNIMPLEMENTED")
