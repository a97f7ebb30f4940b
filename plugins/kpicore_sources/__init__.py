"""Built-in sources: files and their doctor, and the systems that `kpi sync` reads."""

from __future__ import annotations

from collections.abc import Iterable

from kpicore import SourceKind, hookimpl


@hookimpl
def kpi_sources() -> Iterable[SourceKind]:
    """Give the kind "files": `path` in kpi.toml names a file, `mapping` how it is read."""
    from kpicore_sources.files.configured import open_files

    yield SourceKind("files", "CSV, XLSX, ODS, Parquet and JSON lines on disk, read by a kept mapping.", open_files)
