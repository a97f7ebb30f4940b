"""A lock on a file, which the system lets go of when its holder dies."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from kpicore.errors import KpiError

_PAUSE_SECONDS = 0.01


@contextmanager
def locked(file: Path, wait_seconds: float = 0) -> Iterator[bool]:
    """Give whether the lock beside `file` is held while the block runs; another holder is waited for so long.

    Raises: OSError when no lock can stand there.
    """
    ends = time.monotonic() + wait_seconds
    # a file of its own: the locked one is replaced as a whole, and a lock on what was replaced locks nothing
    handle = os.open(file.with_name(f"{file.name}.lock"), os.O_CREAT | os.O_RDWR, 0o644)
    try:
        while not (held := _taken(handle)) and time.monotonic() < ends:
            time.sleep(_PAUSE_SECONDS)
        yield held
    finally:
        # lets go of the lock. The file stays: were it deleted, the next two might lock two files of one name
        os.close(handle)


@contextmanager
def changing(file: Path, wait_seconds: float = 10) -> Iterator[None]:
    """Let one process at a time read, change and write a file: what another wrote meanwhile is not undone.

    Raises: KpiError when it is not our turn in time, or the folder cannot be written to.
    """
    with taken_if_free(file, wait_seconds) as is_ours:
        if not is_ours:
            raise KpiError(f"{file}: another program is changing it.", hint="Wait until it is done and try again.")
        yield


@contextmanager
def taken_if_free(file: Path, wait_seconds: float = 0) -> Iterator[bool]:
    """Give what `locked` gives. Raises: KpiError when the folder cannot be written to."""
    with ExitStack() as lock:
        try:
            is_ours = lock.enter_context(locked(file, wait_seconds))
        except OSError as error:
            raise KpiError(f"{file}: cannot be written ({error.strerror or error}).") from error
        yield is_ours


def _taken(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
