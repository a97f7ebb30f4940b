"""Waiting in tests: for a condition, never for a time that is thought to be enough."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE_SECONDS = 300
"""When a test gives up: however busy the machine is, what has not come by then will not come."""

_LOOK_SECONDS = 0.02


def wait_until(holds: Callable[[], bool], told: Callable[[], str] = lambda: "it did not come") -> None:
    """Return as soon as `holds()` is true. Raises AssertionError with `told()` when patience is at its end."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < until, told()
        time.sleep(_LOOK_SECONDS)
