"""How code that is not ours is kept at arm's length: which plugins are shut out, and what they raised."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout

from kpicore.errors import BadDefinition, KpiError
from kpicore.text.plain_text import one_line

_LONGEST = 200


class Stopped(Exception):
    """Foreign code that ended instead of answering: it called `sys.exit()`, or a library of it panicked."""


@contextmanager
def contained() -> Iterator[None]:
    """Run foreign code that, whatever it raises, ends no program: Stopped stands for what would. Ctrl-C still does."""
    try:
        yield
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt) and not _is_thrown(error):
            raise
        if isinstance(error, Exception) and not isinstance(error, StopIteration):  # which no future can hold
            raise
        raise Stopped(failure_words(error)) from error


@contextmanager
def blamed_on(where: str) -> Iterator[None]:
    """Run code that a plugin's record holds, "feature 'cohorts'": whatever else than a KpiError it raises is its flaw.

    Raises: BadDefinition of the record.
    """
    try:
        with contained():
            yield
    except KpiError:
        raise
    except Exception as error:  # foreign code
        raise BadDefinition(where, failure_words(error)) from error


def _is_thrown(error: BaseException) -> bool:
    """Whether code threw it by a `raise` of its own; Ctrl-C comes wherever the program just is."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    if frame is None:
        return True
    import dis

    return dis.opname[frame.tb_frame.f_code.co_code[frame.tb_lasti]] == "RAISE_VARARGS"


@contextmanager
def quiet() -> Iterator[None]:
    """Run foreign code as `contained` does; what it prints goes to stderr, as it would spoil the JSON of a command."""
    with redirect_stdout(sys.stderr), contained():
        yield


def disabled_names() -> frozenset[str]:
    """Return the plugins and distributions that the environment variable KPI_DISABLE ("a,b") shuts out."""
    return frozenset(name.strip().casefold() for name in os.environ.get("KPI_DISABLE", "").split(",") if name.strip())


def failure_words(error: BaseException) -> str:
    """Return what went wrong in foreign code, in one line, with the file and line that raised it."""
    if isinstance(error, KpiError | Stopped) and not isinstance(error, BadDefinition):
        return short_line(_text(error))
    import traceback  # 3 ms that only a failure needs

    what = "it calls sys.exit()" if isinstance(error, SystemExit) else in_words(error)
    if isinstance(error, BadDefinition):
        what = _text(error)
    # the innermost frame of foreign code: what it calls of ours, or of Python's, is not to blame
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not _ours(frame.filename)]
    place = f" ({os.path.basename(frames[-1].filename)}, line {frames[-1].lineno})" if frames else ""
    return short_line(what) + place


def in_words(error: BaseException) -> str:
    """Return the kind of an error and what it says, in one line; foreign ones may fail to say anything."""
    return one_line(f"{type(error).__name__}: {_text(error)}").removesuffix(":").removesuffix(": ")


def tell_traceback() -> None:
    """Print the traceback of the error at hand to stderr where KPI_DEBUG=1 asks for it."""
    if os.environ.get("KPI_DEBUG"):
        import traceback

        traceback.print_exc()


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except KeyboardInterrupt:
        raise
    except BaseException:  # foreign code, too
        return ""


def _ours(file: str) -> bool:
    """Whether the file is of this package, of Python's import machinery, or none, which are not to blame."""
    # "<" begins "<frozen importlib._bootstrap>" and "<string>"
    ours = (os.path.dirname(os.path.dirname(__file__)), os.path.dirname(importlib.__file__), "<")
    return file.startswith(ours)


def short_line(text: str) -> str:
    """Return the text as one line that is not too long."""
    line = one_line(text)
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
