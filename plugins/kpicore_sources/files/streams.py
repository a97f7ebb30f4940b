"""What the tables of mappings are called as streams, and the mapping of a stream."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from kpicore import BadConfig
from kpicore_sources.files.kept_mappings import FOLDER
from kpicore_sources.files.mapping import TableMapping, read_mapping

if TYPE_CHECKING:
    from kpicore_sources.files.doctor import TableCase

_ENDING = ".toml"
_PARTING = {"%": "%25", "[": "%5B", "]": "%5D", "#": "%23"}
"""Signs that part a name into file, sheet and number; "%", so that a name which holds one of these is no other one."""


def stream_names(workspace: Path, file: Path, tables: Iterable[TableMapping]) -> tuple[str, ...]:
    """Return the streams of a mapping's tables: its stem, with the sheet, and further tables of one sheet numbered.

    A mapping that is not in the workspace's folder of mappings is named by its path from the workspace.

    >>> both = [TableMapping("order", ()), TableMapping("order", (), sheet="Q1"), TableMapping("cost", (), sheet="Q1")]
    >>> stream_names(Path("ws"), Path("ws/mappings/shop.toml"), both)
    ('shop', 'shop[Q1]', 'shop[Q1]#2')
    >>> stream_names(Path("ws"), Path("shared/shop.toml"), both[:1])
    ('../shared/shop',)
    """
    stem, seen, names = _escaped(_stem(workspace, file), "%[]#"), Counter[str](), []
    for table in tables:
        name = f"{stem}[{_escaped(table.sheet, '%[]')}]" if table.sheet else stem
        seen[name] += 1
        names.append(f"{name}#{seen[name]}" if seen[name] > 1 else name)
    return tuple(names)


def stream_of(workspace: Path, file: Path, mapping: TableMapping, number: int | None) -> str:
    """Return the stream of a table of a mapping file, which is written by then; of a kept one its `number` is known."""
    tables = read_mapping(file)
    if number is None:
        number = next((place for place, table in enumerate(tables) if _is(table, mapping)), 0)
    return stream_names(workspace, file, tables)[number]


def case_stream(workspace: Path, case: TableCase) -> str:
    """Return the stream of a table of a file."""
    return stream_of(workspace, case.file, case.mapping, case.number if case.kept else None)


def _is(table: TableMapping, mapping: TableMapping) -> bool:
    mine = mapping.sheet, mapping.entity, mapping.header, mapping.leave_out
    return (table.sheet, table.entity, table.header, table.leave_out) == mine


def mapping_of(workspace: Path, stream: str) -> tuple[Path, tuple[TableMapping, ...], int]:
    """Return the file of a stream's mapping, its tables, and which of them it is, counted from 0.

    Raises BadConfig where that is gone or cannot be read.
    """
    file = _file(workspace, stream)
    tables = read_mapping(file)
    names = stream_names(workspace, file, tables)
    if stream not in names:
        raise BadConfig(file, f"has no table '{stream}' any more")
    return file, tables, names.index(stream)


def _stem(workspace: Path, file: Path) -> str:
    whole, folder = file.parent.resolve() / file.name, workspace.resolve()
    if whole.parent == folder / FOLDER:
        path = whole.name
    else:
        try:
            path = Path(os.path.relpath(whole, folder)).as_posix()
        except ValueError:  # on another drive of Windows no path leads there
            path = whole.as_posix()
        if "/" not in path:
            path = f"./{path}"  # beside kpi.toml: else it would be one of the folder
    return path.removesuffix(_ENDING)


def _file(workspace: Path, stream: str) -> Path:
    # neither sign stands in a name but to part it
    stem = unquote(re.split(r"[\[#]", stream, maxsplit=1)[0])
    path = workspace / stem if "/" in stem else workspace / FOLDER / stem
    ended = path.parent / f"{path.name}{_ENDING}"
    return ended if ended.exists() or not path.is_file() else path


def _escaped(text: str, signs: str) -> str:
    return "".join(_PARTING[sign] if sign in signs else sign for sign in text)
