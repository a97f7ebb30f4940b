"""What tests of plugins can use: rows written as texts, and a workspace of them."""

from __future__ import annotations

from kpicore.testing.tables import TinySource, batch, load_tables, plugins_of

__all__ = ["TinySource", "batch", "load_tables", "plugins_of"]
