"""What the made-up company gives to kpicore: a kind of source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kpicore import Source, SourceKind, hookimpl


@hookimpl
def kpi_sources() -> Iterable[SourceKind]:
    """Give the demo company as a kind of source."""
    yield SourceKind("demo", "A made-up company that sells coffee machines; the same data every time.", _open)


def _open(settings: Mapping[str, Any]) -> Source:
    from kpicore_demo.source import DemoSource

    return DemoSource(settings["name"])
