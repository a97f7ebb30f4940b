"""The words of the built-in plugins without their KPIs, for tests that bring what they ask."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from kpicore.discovery import entry_points
from kpicore.plugins import GROUP, load_plugins
from kpicore.registry import Contributions

_WORDS = ("entities", "derived_entities", "fields", "dimensions", "settings")


def built_in_vocabulary(**more: tuple[tuple[str, Any], ...]) -> Contributions:
    """Return what the built-in plugins give to the vocabulary, with more items by kind: `metrics=(("me", metric),)`."""
    known = _built_in()
    words = {kind: getattr(known, kind) for kind in _WORDS}
    words |= {kind: (*words.get(kind, ()), *items) for kind, items in more.items()}
    return replace(Contributions(), **words)


@cache
def _built_in() -> Contributions:
    return load_plugins((), found=[each for each in entry_points(GROUP) if each.is_built_in]).contributions
