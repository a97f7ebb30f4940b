"""Files that Google's pages and programs write: a JSON object each, and a small one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kpicore_sheets.google.outcomes import json_object

_MOST_BYTES = 100_000
"""The largest, the key of a service account, has about 2,400."""


def read_json_object(file: Path) -> dict[str, Any] | None:
    """Return what a file holds, None where that is something else, or too large.

    Raises OSError, and ValueError for a path that no file system takes.
    """
    with file.open("rb") as opened:
        text = opened.read(_MOST_BYTES + 1)
    return json_object(text) if len(text) <= _MOST_BYTES else None
