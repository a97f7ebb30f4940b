"""A request that is answered with a status and one line."""

from __future__ import annotations


class Refused(Exception):
    """A request that is answered with a status and one line; of a passing trouble, after how many seconds to retry."""

    def __init__(self, status: int, message: str, retry_seconds: int = 0) -> None:
        super().__init__(message)
        self.status, self.message, self.retry_seconds = status, message, retry_seconds
