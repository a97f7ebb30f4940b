"""What was delivered, kept as it was read: the bytes of a file, the records of an API. See docs/adr/0034."""

from __future__ import annotations

from kpicore.ingest.originals.folder import LANDED, Kept, drop_orphans
from kpicore.ingest.originals.keeping import keep_original, keep_records
from kpicore.ingest.originals.reading import original_of, read_original
from kpicore.ingest.originals.superseded import superseded

__all__ = [
    "LANDED",
    "Kept",
    "drop_orphans",
    "keep_original",
    "keep_records",
    "original_of",
    "read_original",
    "superseded",
]
