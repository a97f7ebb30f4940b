"""JSON objects, as Google answers and as its pages and programs write them into files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_MOST_BYTES = 100_000
"""Of a file; the largest, the key of a service account, has about 2,400."""


def json_object(body: bytes) -> dict[str, Any] | None:
    """Return the JSON object that a body is, None where it is anything else."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def read_json_object(file: Path) -> dict[str, Any] | None:
    """Return what a file holds, None where that is something else, or too large.

    Raises OSError, and ValueError for a path that no file system takes.
    """
    with file.open("rb") as opened:
        text = opened.read(_MOST_BYTES + 1)
    return json_object(text) if len(text) <= _MOST_BYTES else None
