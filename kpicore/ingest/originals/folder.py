"""The folder `landed/` beside the warehouse file: its names, its rights, and what nobody knows any more."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kpicore.errors import WarehouseError
from kpicore.warehouse import FILE

LANDED = "landed"
"""The folder of a workspace that holds what was delivered."""

# ours alone are read and dropped: neither a path nor what people put beside them
_NAME = re.compile(r"(\d{6,18})-(\d{1,9})\.(?:zst|bin)")
_DRAFT = re.compile(rf"\.{_NAME.pattern}\.[0-9a-f]{{8}}\.part")


@dataclass(frozen=True, slots=True)
class Kept:
    """One delivery as it was read: the load that brought it, its source, and the streams that were read from it.

    `file` is its name in the folder, which we make; `name` is how people call it. `bytes` and `digest` (SHA-256) are
    those of the original, not of what it is packed into.
    """

    load: int
    source: str
    file: str
    name: str
    streams: tuple[str, ...]
    bytes: int
    digest: str

    @property
    def order(self) -> tuple[int, int]:
        """What sorts deliveries as they came."""
        return self.load, _number(self.file)


def is_ours(file: str) -> bool:
    """Return whether it is a name that we give.

    >>> is_ours("000012-1.zst"), is_ours("../000012-1.zst"), is_ours("notes.txt")
    (True, False, False)
    """
    return _NAME.fullmatch(file) is not None


def free_name(folder: Path, load: int, ending: str) -> str:
    """Return the next free name for what a load brings: a failed source of the same load may have left the first."""
    beginning = f"{load:06d}-"
    with os.scandir(folder / LANDED) as entries:
        taken = [_number(entry.name) for entry in entries if entry.name.startswith(beginning)]
    return f"{beginning}{max(taken, default=0) + 1}.{ending}"


def rights(folder: Path) -> int | None:
    """Return who may read and write the warehouse file, None where there is none yet."""
    try:
        return stat.S_IMODE((folder / FILE).stat().st_mode) & 0o666
    except FileNotFoundError:
        return None


def make_folder(folder: Path) -> Path:
    """Return the folder, made where it is not there, for those who may read the warehouse file.

    Raises OSError, and WarehouseError where something else has its name.
    """
    landed = folder / LANDED
    try:
        landed.mkdir()
    except FileExistsError:
        if not landed.is_dir():
            raise WarehouseError(f"{landed}: it is no folder.", hint="Move it away and try again.") from None
        return landed
    mode = rights(folder)
    if mode is not None:
        landed.chmod(mode | (mode & 0o444) >> 2)  # who may read a folder may enter it
    return landed


def drop_orphans(folder: Path, known: Collection[str]) -> tuple[str, ...]:
    """Remove what a killed or failed load left, and all else that `known` has no more; other files are let alone.

    For who holds the right to write the warehouse, with the names of the warehouse that is published: before a load,
    and after one that drops some. Returns the names that could not be removed; that ends no load.
    """
    left = []
    with suppress(OSError), os.scandir(folder / LANDED) as entries:
        orphans = [entry.path for entry in entries if _is_orphan(entry.name, known)]
        for path in orphans:
            try:
                os.unlink(path)
            except FileNotFoundError:
                continue
            except OSError:
                left.append(os.path.basename(path))
    return tuple(sorted(left))


def _is_orphan(name: str, known: Collection[str]) -> bool:
    return _DRAFT.fullmatch(name) is not None or (is_ours(name) and name not in known)


def _number(file: str) -> int:
    name = _NAME.fullmatch(file)
    return int(name[2]) if name else 0
