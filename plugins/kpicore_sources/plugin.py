"""The built-in kinds of sources, as a plugin gives them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kpicore import KeptOriginal, Setting, SourceKind, StreamSource, Type, hookimpl

_SETTINGS = (
    Setting("path", Type.TEXT, "the file, as seen from the workspace, such as exports/deals.csv", required=True),
    Setting("mapping", Type.TEXT, "the mapping by which it is read; else those kept in mappings/"),
)


@hookimpl
def kpi_sources() -> Iterable[SourceKind]:
    """Give the kind "files": `path` in kpi.toml names a file, `mapping` how it is read."""
    meaning = "CSV, XLSX, ODS, Parquet and JSON lines on disk, read by a kept mapping."
    yield SourceKind("files", meaning, _open_files, _SETTINGS, again=_read_again, reading=_reading)


def _read_again(workspace: Path, stream: str, originals: Sequence[KeptOriginal]) -> StreamSource:
    from kpicore_sources.files.again import read_again

    return read_again(workspace, stream, originals)


def _reading(workspace: Path, stream: str) -> str:
    from kpicore_sources.files.again import reading_of

    return reading_of(workspace, stream)


def _open_files(settings: Mapping[str, Any]) -> StreamSource:
    # imported when a source is opened: every command asks which kinds there are, few open one
    from kpicore_sources.files.configured import open_files

    return open_files(settings)
