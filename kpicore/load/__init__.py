"""From sources to made tables: typed rows merged by key, rows as they were, fields and entities made, a calendar."""

from __future__ import annotations

from kpicore.load.loading import load
from kpicore.load.report import EntityReport, LoadReport, SourceReport

__all__ = ["EntityReport", "LoadReport", "SourceReport", "load"]
