"""What tests of plugins can use: a tiny company whose every number can be checked by hand."""

from __future__ import annotations

from kpicore.testing.company import DATA_TIME, TinySource, batch, load_tiny_company, tiny_company
from kpicore.testing.vocabulary import built_in_vocabulary

__all__ = ["DATA_TIME", "TinySource", "batch", "built_in_vocabulary", "load_tiny_company", "tiny_company"]
