"""The files of a workspace that plugins read as sources: which there are, which have changed, and taking them over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from kpicore.errors import BadDefinition, WarehouseError
from kpicore.ingest.renewal import tell
from kpicore.model.sources import Source
from kpicore.model.workspace_files import WorkspaceFile
from kpicore.warehouse import LoadedWarehouse, Warehouse


def sources_of_files(files: Iterable[WorkspaceFile], folder: Path) -> Iterator[Source]:
    """Yield the sources of the files in a folder that say anything. Raises BadConfig for a bad file."""
    for _, source, cursor in _read(files, folder):
        if cursor is not None:
            yield source


def changed_files(
    files: Iterable[WorkspaceFile], folder: Path, warehouse: Warehouse
) -> Iterator[tuple[WorkspaceFile, Source]]:
    """Yield the files of which the tables were made by another one, or by none. Raises BadConfig for a bad file."""
    if not isinstance(warehouse, LoadedWarehouse):
        return  # who makes the tables knows what these files say
    sql = "SELECT cursor FROM book.load WHERE source = ? ORDER BY number DESC LIMIT 1"
    for file, source, cursor in _read(files, folder):
        loaded = warehouse.query(sql, [file.name])
        # the cursor stands for what the file says, None for a file that says nothing
        if cursor != (loaded[0][0] if loaded else None):
            yield file, source


def take_files_over(changed: Iterable[tuple[WorkspaceFile, Source]], load: Callable[[Source], Sequence[str]]) -> None:
    """Load the files that were changed by hand, and say so; also where that fails. `load` gives what went wrong."""
    for file, source in changed:
        try:
            problem = "; ".join(load(source))
        except WarehouseError as error:
            problem = str(error)
        taken = f"not taken over: {problem}" if problem else "taken over"
        tell(f"{file.name} has changed: its {file.holds} is {taken}")


def _read(files: Iterable[WorkspaceFile], folder: Path) -> Iterator[tuple[WorkspaceFile, Source, str | None]]:
    """Yield the files with their sources and cursors; that a plugin failed is told, and stops no other."""
    for file in files:
        try:
            source, cursor = file.read(folder)
        except BadDefinition as error:
            tell(str(error))
            continue
        yield file, source, cursor
