"""A delivery out of the folder: unpacked into a temporary file, and compared with what the book says of it."""

from __future__ import annotations

import hashlib
import re
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kpicore.errors import BadFile
from kpicore.ingest.originals.folder import LANDED, Kept, is_ours
from kpicore.ingest.originals.keeping import PIECE
from kpicore.model.originals import KeptOriginal
from kpicore.text.plain_text import shortened

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_SHOWN = 80
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,10}$")


class _Unfit(Exception):
    """Why what stands in the folder is not what was kept."""


def original_of(folder: Path, kept: Kept) -> KeptOriginal:
    """Return a delivery as who reads it again is given it."""
    return KeptOriginal(kept.name, kept.load, partial(read_original, folder, kept))


@contextmanager
def read_original(folder: Path, kept: Kept) -> Iterator[Path]:
    """Give a temporary file with the bytes of a delivery and the ending of its name, while the block runs.

    Raises BadFile, before the block, where the folder has it no more or has something else in its place.
    """
    try:
        temporary = tempfile.TemporaryDirectory(prefix="kpicore-original-", ignore_cleanup_errors=True)
    except OSError as error:
        raise _unreadable(kept, _no_room(error)) from error
    with temporary:
        # of the name only the ending: readers tell kinds by it, and the rest is anybody's text
        ending = _SUFFIX.search(kept.name)
        copy = Path(temporary.name) / f"original{ending[0] if ending else ''}"
        try:
            _unpack(folder / LANDED / kept.file, kept, copy)
        except _Unfit as why:
            raise _unreadable(kept, str(why)) from None
        except OSError as error:
            raise _unreadable(kept, _no_room(error)) from error
        yield copy


def _unpack(packed: Path, kept: Kept, copy: Path) -> None:
    """Write the copy. Raises _Unfit, and OSError where the copy cannot be written."""
    digest, size = hashlib.sha256(), 0
    with copy.open("wb") as file:
        for piece in _pieces(packed, kept):
            digest.update(piece)
            size += len(piece)
            # at once: a few bytes may unpack to more than any disk holds
            if size > kept.bytes:
                break
            file.write(piece)
    if (size, digest.hexdigest()) != (kept.bytes, kept.digest):
        raise _Unfit("it is damaged, or another file stands in its place")


def _no_room(error: OSError) -> str:
    return f"there is no room to unpack it ({error.strerror or error})"


def _pieces(packed: Path, kept: Kept) -> Iterator[bytes]:
    try:
        if not is_ours(kept.file):
            raise _Unfit("its name is none that is given here")
        if not stat.S_ISREG(packed.stat().st_mode):
            raise _Unfit("it is no plain file")
        with packed.open("rb") as file, _unpacked(file, kept) as original:
            while piece := original.read(PIECE):
                yield piece
    except FileNotFoundError:
        raise _Unfit("it is not there") from None
    except OSError as error:
        # Arrow's own errors have no number: the bytes are none that it packed, or not all of them
        why = error.strerror if error.errno else "it is damaged or cut short"
        raise _Unfit(str(why)) from error


def _unpacked(file: object, kept: Kept) -> pa.NativeFile:
    import pyarrow as pa

    if kept.file.endswith(".bin"):
        return pa.PythonFile(file, mode="r")
    return pa.CompressedInputStream(pa.PythonFile(file, mode="r"), "zstd")


def _unreadable(kept: Kept, why: str) -> BadFile:
    what = ", ".join(f"'{stream}'" for stream in kept.streams) or f"'{kept.source}'"
    problem = f"load {kept.load:,} of {what} ({shortened(kept.name, _MOST_SHOWN)}) cannot be read again: {why}"
    return BadFile(f"{LANDED}/{kept.file}", problem, hint="Its rows stay as they are. Put it back, or load it again.")
