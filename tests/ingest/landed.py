"""The store of originals, for its tests: what they name of it, a delivery to make, and what lies in the folder."""

from __future__ import annotations

from pathlib import Path

from kpicore.ingest.originals import (
    LANDED,
    Kept,
    book,
    drop_orphans,
    keep_original,
    keep_records,
    original_of,
    read_original,
    superseded,
)

__all__ = [
    "LANDED",
    "Kept",
    "book",
    "drop_orphans",
    "keep_original",
    "keep_records",
    "kept_file",
    "lying",
    "original_of",
    "read_back",
    "read_original",
    "superseded",
]


def kept_file(folder: Path, content: bytes, name: str = "deals.csv", load: int = 12, stream: str = "deals") -> Kept:
    """Keep a file of this content, which lies beside the workspace."""
    original = folder.parent / "delivered"
    original.write_bytes(content)
    return keep_original(folder, load, "files", (stream,), original, name)


def read_back(folder: Path, kept: Kept) -> bytes:
    """Return the bytes of a delivery."""
    with read_original(folder, kept) as file:
        return file.read_bytes()


def lying(folder: Path) -> list[str]:
    """Return the names in the folder."""
    landed = folder / LANDED
    return sorted(path.name for path in landed.iterdir()) if landed.exists() else []
