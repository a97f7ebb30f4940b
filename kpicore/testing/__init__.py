"""What tests of plugins can use: a tiny company whose every number can be checked by hand."""

from __future__ import annotations

from kpicore.testing.company import DATA_TIME, TinySource, batch, load_tiny_company, tiny_company

__all__ = ["DATA_TIME", "TinySource", "batch", "load_tiny_company", "tiny_company"]
