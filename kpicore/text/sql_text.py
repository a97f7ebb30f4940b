"""Names and texts as they stand in SQL, whatever signs are in them: a name in double quotes, a text in single ones."""

from __future__ import annotations

from collections.abc import Iterable


def quoted(name: str) -> str:
    """Return an identifier in quotes."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as a literal."""
    return "'" + text.replace("'", "''") + "'"


def listed(names: Iterable[str], prefix: str = "") -> str:
    """Return quoted names with commas between, each behind `prefix`."""
    return ", ".join(prefix + quoted(name) for name in names)
