"""What the content of a row without a key is, in SQL."""

from __future__ import annotations

from kpicore.text.sql_text import literal


def content_sql(stream: str, raw: str) -> str:
    """Return SQL of the content of a row that was read as `raw`: the same row of two streams is two rows."""
    return f"md5({literal(stream)} || chr(30) || {raw})"
