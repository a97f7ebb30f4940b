"""Field masks: which fields of a JSON object are meant, read from `sheets(properties.title,merges)` and the like."""

from __future__ import annotations

import re
from typing import Any

from kpicore.testing.sheets.refusals import GoogleRefusal

Mask = dict[str, "Mask"]
"""Fields by name, each with the mask of what lies in it; an empty mask means all of it."""

_PARTS = re.compile(r"[A-Za-z_*][\w*]*|[(),./]")


def mask_of(text: str) -> Mask:
    """Return the mask that a text names; `*` and a field alone mean all.

    >>> mask_of("a.b,c(d,e/f)")
    {'a': {'b': {}}, 'c': {'d': {}, 'e': {'f': {}}}}
    """
    parts = _PARTS.findall(text)
    if "".join(parts) != re.sub(r"\s", "", text):
        raise GoogleRefusal(f"Invalid field selection {text}")
    mask: Mask = {}
    rest = _read(parts, 0, mask) if parts else 0
    if rest != len(parts):
        raise GoogleRefusal(f"Invalid field selection {text}")
    return mask


def _read(parts: list[str], at: int, mask: Mask) -> int:
    while at < len(parts):
        at = _read_path(parts, at, mask)
        if at >= len(parts) or parts[at] != ",":
            break
        at += 1
    return at


def _read_path(parts: list[str], at: int, mask: Mask) -> int:
    if at >= len(parts) or parts[at] in "(),./":
        raise GoogleRefusal("Invalid field selection: the name of a field is missing")
    where = mask
    while at < len(parts) and parts[at] not in "(),./":
        where = where.setdefault(parts[at], {})
        at += 1
        if at >= len(parts) or parts[at] not in "./":
            break
        at += 1
        if at >= len(parts) or parts[at] in "(),./":
            raise GoogleRefusal("Invalid field selection: the name of a field is missing")
    if at < len(parts) and parts[at] == "(":
        at = _read(parts, at + 1, where)
        if at >= len(parts) or parts[at] != ")":
            raise GoogleRefusal("Invalid field selection: a parenthesis is not closed")
        at += 1
    return at


def selected(value: Any, mask: Mask) -> Any:
    """Return of a JSON value what a mask names; items of a list are all taken, each by the same mask."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [selected(item, mask) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: selected(value[name], inner) for name, inner in mask.items() if name in value}


def changed(old: dict[str, Any], new: dict[str, Any], mask: Mask) -> dict[str, Any]:
    """Return an object with the fields that a mask names taken from a new one: those that this lacks are cleared."""
    if not mask or "*" in mask:
        return {name: value for name, value in new.items() if value is not None}
    result = dict(old)
    for name, inner in mask.items():
        value = new.get(name)
        if inner and "*" not in inner:
            value = changed(old.get(name) or {}, value or {}, inner)
        if value is None or (value == {} and inner):
            result.pop(name, None)
        else:
            result[name] = value
    return result
