"""JSON as it is sent to Google and kept in cells, in as few characters as it takes."""

from __future__ import annotations

import json

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def compact_json(value: object) -> str:
    """Return a value as JSON without blanks, and with letters of all languages as they are.

    >>> compact_json({"Zürich": [1, None]})
    '{"Zürich":[1,null]}'
    """
    return _encode(value)
