"""What a token may ask, as `tokens.toml` keeps it. What cannot be read is refused, never taken for everything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kpicore import Narrowing

KEYS = frozenset(("kpis", "where"))


def narrowing_kept(narrowing: Narrowing) -> Mapping[str, Any]:
    """Return the fields of the file for a narrowing, None for one that is not there."""
    where = {dimension: list(values) for dimension, values in narrowing.where}
    return {"kpis": list(narrowing.kpis) if narrowing.kpis is not None else None, "where": where or None}


def narrowing_read(entry: Mapping[str, Any]) -> Narrowing:
    """Return the narrowing of an entry of the file. Raises ValueError and AttributeError where it is none.

    >>> narrowing_read({"where": {"branch": ["North"]}}).words
    'only branch North'
    """
    kpis = _texts(entry["kpis"]) if "kpis" in entry else None
    filters = entry["where"].items() if "where" in entry else None
    where = tuple(sorted((dimension, _texts(values)) for dimension, values in filters or ()))
    # an empty table is one of which somebody took the filters away
    if (filters is not None and not where) or (kpis is None and not where):
        raise ValueError
    return Narrowing(kpis, where)


def _texts(listed: object) -> tuple[str, ...]:
    if not isinstance(listed, list) or not listed or not all(isinstance(text, str) and text for text in listed):
        raise ValueError
    return tuple(listed)
