"""The built-in kinds of sources, as a plugin gives them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kpicore import SourceKind, StreamSource, hookimpl


@hookimpl
def kpi_sources() -> Iterable[SourceKind]:
    """Give the kind "files": `path` in kpi.toml names a file, `mapping` how it is read."""
    yield SourceKind("files", "CSV, XLSX, ODS, Parquet and JSON lines on disk, read by a kept mapping.", _open_files)


def _open_files(settings: Mapping[str, Any]) -> StreamSource:
    # imported when a source is opened: every command asks which kinds there are, few open one
    from kpicore_sources.files.configured import open_files

    return open_files(settings)
