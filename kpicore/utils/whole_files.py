"""Files that are whole at any time: written beside their place, then put into it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kpicore.errors import KpiError

_CLOSE = "Close it where it is open, or name another file."


@contextmanager
def written_whole(file: Path, *, private: bool = False, hint: str = _CLOSE) -> Iterator[Path]:
    """Give a path beside `file` to write to; when the block ends well, it takes the file's place.

    After an error, or when the process is killed, the file is as it was. `private` files may be read by their owner
    only. What is no plain file, such as /dev/stdout, is written as it is. Raises: KpiError when it cannot be written.
    """
    try:
        target = file.resolve()  # of a link, what it points to is replaced
        if target.exists() and not target.is_file():
            yield target
            return
        # in the same folder: a file takes another one's place at once within one file system alone
        draft = target.with_name(f".{target.name}.{os.urandom(4).hex()}.part")
        try:
            # made with its rights before anything is in it: others can at no time read a private one
            os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666))
            yield draft
            if target.exists() and not private:
                # else it would have the rights of a new file
                draft.chmod(target.stat().st_mode & 0o777)
            os.replace(draft, target)
        except BaseException:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise KpiError(f"{file}: cannot be written ({error.strerror or error}).", hint=hint) from error


def write_whole(file: Path, text: str, *, private: bool = False, newline: str = "\n", hint: str = _CLOSE) -> None:
    """Write a text file in UTF-8, whole or not at all. Raises: KpiError when it cannot be written."""
    with written_whole(file, private=private, hint=hint) as draft:
        draft.write_text(text, encoding="utf-8", newline=newline)
