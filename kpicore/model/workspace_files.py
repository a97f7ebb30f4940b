"""Files of a workspace that are sources of their own: people write them, and the next question takes them over."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kpicore.errors import BadDefinition
from kpicore.model.checked import check_fields, place
from kpicore.model.field_kinds import Id, Label, Line
from kpicore.model.sources import Source
from kpicore.text.plain_text import value_shown
from kpicore.utils.isolation import blamed_on

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
        with blamed_on(place("workspace file", self.name)):
            source = self.source(folder)
            cursor = source.cursor()
        if not isinstance(cursor, str | None):
            problem = f"the cursor of its source is a text or None, not {value_shown(cursor)}"
            raise BadDefinition(place("workspace file", self.name), problem)
        return source, cursor
