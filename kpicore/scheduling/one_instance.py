"""One at a time: who runs already is named."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kpicore.errors import KpiError
from kpicore.utils.file_locks import taken_if_free
from kpicore.utils.whole_files import write_whole


@contextmanager
def one_instance(file: Path) -> Iterator[None]:
    """Run the block while no other process does so with the same file, which holds the number of the one that does.

    The system lets go of it when the process dies. Raises: KpiError naming the other one.
    """
    with taken_if_free(file) as is_ours:
        if not is_ours:
            raise KpiError(f"{file}: it runs already{_who(file)}.", hint="Stop that one first.")
        write_whole(file, f"{os.getpid()}\n")
        try:
            yield
        finally:
            file.unlink(missing_ok=True)


def _who(file: Path) -> str:
    """Return which process wrote the file, in words; "" while it has not done so."""
    try:
        text = file.read_text(encoding="utf-8")[:20].strip()
    except (OSError, ValueError):
        return ""
    return f", as process {text}" if text.isdecimal() else ""
