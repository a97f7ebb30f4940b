"""Files of a workspace that are sources of their own: people write them, and the next question takes them over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kpicore.checked import check_fields, place
from kpicore.errors import BadDefinition, KpiError, WarehouseError
from kpicore.foreign import contained, told
from kpicore.kinds import Id, Label, Line
from kpicore.plain_text import value_shown
from kpicore.sources import Source

if TYPE_CHECKING:
    from kpicore.workspace import Workspace

Timeless = Mapping[str, tuple[str, ...]]
"""The names of sources that are of no day, with the entities that they fill."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*\.[a-z]+")
_OURS = ("kpi.toml", "targets.toml", "tokens.toml")


@dataclass(frozen=True, slots=True)
class WorkspaceFile:
    """A file beside kpi.toml that fills some `entities`, and `holds` something in words: "order of the shelves".

    `source` reads it: what it gives is told by its cursor before any batch is taken, None where that is nothing. It is
    loaded when that differs from what was loaded last, also where there is no file any more, and with each import. It
    is of no day: the data stays of the day that other sources are of. A bad file raises BadConfig.
    """

    name: Label
    holds: Line
    source: Callable[[Path], Source]
    entities: tuple[Id, ...]

    def __post_init__(self) -> None:
        check_fields(self, "workspace file", "name")
        where = place("workspace file", self.name)
        if _NAME.fullmatch(self.name) is None:
            raise BadDefinition(where, "its name is one such as 'shelves.toml', in lower case")
        if self.name in _OURS:
            raise BadDefinition(where, "kpicore reads a file of that name itself")

    def read(self, folder: Path) -> tuple[Source, str | None]:
        """Return the source of the file in a folder, and its cursor. Raises KpiError, whatever else its plugin does."""
        try:
            with contained():
                source = self.source(folder)
                cursor = source.cursor()
        except KpiError:
            raise
        except Exception as error:  # foreign code
            raise BadDefinition(place("workspace file", self.name), told(error)) from error
        if not isinstance(cursor, str | None):
            problem = f"the cursor of its source is a text or None, not {value_shown(cursor)}"
            raise BadDefinition(place("workspace file", self.name), problem)
        return source, cursor


def sources_of_files(workspace: Workspace) -> Iterator[Source]:
    """Yield the sources of the files that say anything. Raises BadConfig for a bad file."""
    for _, source, cursor in _read(workspace):
        if cursor is not None:
            yield source


def changed_files(workspace: Workspace) -> Iterator[tuple[WorkspaceFile, Source]]:
    """Yield the files of which the tables were made by another one, or by none. Raises BadConfig for a bad file."""
    sql = "SELECT cursor FROM book.load WHERE source = ? ORDER BY number DESC LIMIT 1"
    for file, source, cursor in _read(workspace):
        loaded = workspace.warehouse.query(sql, [file.name])
        if cursor != (loaded[0][0] if loaded else None):
            yield file, source


def take_files_over(workspace: Workspace) -> None:
    """Load the files that were changed by hand, and say so; also where that fails. Raises BadConfig for a bad file."""
    from kpicore.renewal import tell

    for file, source in changed_files(workspace):
        try:
            problem = "; ".join(workspace.load([source], data_time=workspace.data_time).errors)
        except WarehouseError as error:
            problem = str(error)
        taken = f"not taken over: {problem}" if problem else "taken over"
        tell(f"{file.name} has changed: its {file.holds} is {taken}")


def _read(workspace: Workspace) -> Iterator[tuple[WorkspaceFile, Source, str | None]]:
    """Yield the files with their sources and cursors; that a plugin failed is told, and stops no other."""
    from kpicore.renewal import tell

    for file in workspace.registry.workspace_files.values():
        try:
            source, cursor = file.read(workspace.config.folder)
        except BadDefinition as error:
            tell(str(error))
            continue
        yield file, source, cursor
