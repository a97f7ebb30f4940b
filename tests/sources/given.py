"""What a source of files gives, without a load."""

from __future__ import annotations

from collections.abc import Iterator

from kpicore import Rows, StreamSource


def tables_given(source: StreamSource) -> Iterator[tuple[str, list[dict[str, object]]]]:
    """Yield the entity and the rows of each table, their fields alone."""
    for message in source.messages({}):
        if isinstance(message, Rows):
            rows = message.rows if not hasattr(message.rows, "read_all") else message.rows.read_all()
            yield message.entity, rows.select(list(message.fields)).to_pylist()


def rows_given(source: StreamSource) -> list[dict[str, object]]:
    """Return the rows of all tables."""
    return [row for _, rows in tables_given(source) for row in rows]
