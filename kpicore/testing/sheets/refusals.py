"""How Google says no: a code, a status and a line, in its own form."""

from __future__ import annotations

import json
from typing import Any

type_of_status = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND"}


class GoogleRefusal(Exception):
    """What Google does not do: raised by what handles a request, answered as JSON."""

    def __init__(self, message: str, code: int = 400, status: str = "", details: list[Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status or type_of_status.get(code, "UNIMPLEMENTED")
        self.details = details

    def body(self) -> bytes:
        """Return the answer's body."""
        return error_body(self.code, self.status, self.message, self.details)


def error_body(code: int, status: str, message: str, details: list[Any] | None = None) -> bytes:
    """Return an error as Google writes it."""
    error: dict[str, Any] = {"code": code, "message": message, "status": status}
    if details:
        error["details"] = details
    return json.dumps({"error": error}, indent=2).encode()


def unknown(what: str) -> GoogleRefusal:
    """Return the refusal of what the emulator does not know, and Google may: 501, so that no test relies on it."""
    return GoogleRefusal(f"the emulator does not know {what}", 501, "UNIMPLEMENTED")
