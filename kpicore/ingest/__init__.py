"""From sources to made tables: typed rows merged by key, rows as they were, fields and entities made, a calendar."""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpicore.ingest.loading import load
    from kpicore.ingest.raw.report import EntityReport, LoadReport, SourceReport, Vanished

__all__ = ["EntityReport", "LoadReport", "SourceReport", "Vanished", "load"]

# Questions read a few of its modules, and need not wait for all that a load does.
_HOME = MappingProxyType({**dict.fromkeys(__all__, "raw.report"), "load": "loading"})


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'kpicore.ingest' has no attribute '{name}'")
    return getattr(import_module(f"kpicore.ingest.{_HOME[name]}"), name)
