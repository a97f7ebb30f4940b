"""A delivery into the folder: packed, on the disk, and only then under its name."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from kpicore.errors import BadFile
from kpicore.ingest.originals.folder import LANDED, Kept, free_name, make_folder, rights
from kpicore.warehouse.duckdb.problems import clear_errors

if TYPE_CHECKING:
    import pyarrow as pa

PIECE = 4 * 2**20
"""So many bytes are in memory at a time."""

_LEVEL = 1
_TEXTS = 1000
_LINE_ENDS = str.maketrans("\r\n", "  ")
_PACKED = (
    *(b"PK\x03\x04", b"PAR1", b"\x1f\x8b", b"\x28\xb5\x2f\xfd"),  # ZIP and XLSX, Parquet, gzip, zstd
    *(b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"\x04\x22\x4d\x18"),  # bzip2, xz, 7z, RAR, lz4
)
"""Begins what packing makes no smaller."""


def keep_original(folder: Path, load: int, source: str, streams: Sequence[str], file: Path, name: str) -> Kept:
    """Keep the bytes of a file in a workspace's folder, and return what the book is to hold of it.

    A kill leaves at worst a file that no book knows. Raises BadFile for one that cannot be read or changes meanwhile,
    and WarehouseError when there is no room; then nothing is there.
    """
    with _opened(file, name) as original:
        pieces = _bytes_of(original, name)
        first = next(pieces, b"")
        packed = first.startswith(_PACKED)
        return _keep(folder, load, source, streams, name, _after(first, pieces), packed)


def keep_records(folder: Path, load: int, source: str, stream: str, texts: pa.ChunkedArray) -> Kept:
    """Keep the records of an API, each a JSON text, as one line each: `keep_original` for what was no file."""
    return _keep(folder, load, source, (stream,), f"{stream}.jsonl", _lines(texts), False)


def _keep(
    folder: Path, load: int, source: str, streams: Sequence[str], name: str, pieces: Iterable[bytes], packed: bool
) -> Kept:
    import pyarrow as pa

    # not its stream: that closes the file before it is on the disk, and writes to stderr when the disk is full
    codec = pa.Codec("zstd", _LEVEL)
    digest, size = hashlib.sha256(), 0
    with clear_errors(folder / LANDED):
        landed = make_folder(folder)
        file = free_name(folder, load, "bin" if packed else "zst")
        with _durable(landed / file, rights(folder)) as draft:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                draft.write(piece if packed else codec.compress(piece))
    return Kept(load, source, file, _said(name), tuple(map(_said, streams)), size, digest.hexdigest())


@contextmanager
def _durable(target: Path, mode: int | None) -> Iterator[BinaryIO]:
    """Give a file that has its name once it is on the disk, and not before. Raises OSError."""
    draft = target.with_name(f".{target.name}.{os.urandom(4).hex()}.part")
    try:
        # with its rights before anything is in it
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode or 0o666)
        with os.fdopen(handle, "wb") as file:
            if mode is not None:
                draft.chmod(mode)
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, target)
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    _settle(target.parent)


def _settle(folder: Path) -> None:
    """Have the folder's names on the disk too, where the system knows how to."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _opened(file: Path, name: str) -> Iterator[BinaryIO]:
    try:
        original = file.open("rb", buffering=0)
    except OSError as error:
        raise _unread(name, error) from error
    with original:
        yield original


def _bytes_of(original: BinaryIO, name: str) -> Iterator[bytes]:
    try:
        before = _stamp(original)
        while piece := original.read(PIECE):
            yield piece
        # else what is kept could be neither what was loaded nor what is there now
        if _stamp(original) != before:
            raise BadFile(name, "was changed while it was read", hint="Import it again.")
    except OSError as error:
        raise _unread(name, error) from error


def _stamp(original: BinaryIO) -> tuple[int, int]:
    status = os.fstat(original.fileno())
    return status.st_size, status.st_mtime_ns


def _unread(name: str, error: OSError) -> BadFile:
    return BadFile(name, f"cannot be read ({error.strerror or error})")


def _after(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from pieces


def _lines(texts: pa.ChunkedArray) -> Iterator[bytes]:
    piece = bytearray()
    for start in range(0, len(texts), _TEXTS):
        for text in texts.slice(start, _TEXTS).to_pylist():
            # the end of a line within a JSON text is a blank of its layout; within a string it is written \n
            piece += ("null" if text is None else text.translate(_LINE_ENDS)).encode()
            piece += b"\n"
        if len(piece) >= PIECE:
            yield bytes(piece)
            piece.clear()
    if piece:
        yield bytes(piece)


def _said(name: str) -> str:
    """Return a name as the book can hold it: one of a file may have bytes that are no text."""
    return name.encode("utf-8", "backslashreplace").decode()
