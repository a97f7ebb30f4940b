"""How code that is not ours is kept at arm's length: which plugins are shut out, and what they raised."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout

from kpicore.errors import BadDefinition, KpiError
from kpicore.plain_text import one_line

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
        raise Stopped(told(error)) from error


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


@contextmanager
def undone() -> Iterator[None]:
    """Undo what foreign code does to the whole process while it is loaded, so that no answer depends on it.

    What it adds to `sys.path` stays, behind everything that was there.
    """
    import decimal
    import locale
    import warnings

    folder, path, limit = _folder(), list(sys.path), sys.getrecursionlimit()
    numbers, language, restore_signals = decimal.getcontext().copy(), locale.setlocale(locale.LC_ALL), _signals()
    try:
        with warnings.catch_warnings():
            yield
    finally:
        sys.path[:] = [*path, *(each for each in sys.path if each not in path)]
        sys.setrecursionlimit(limit)
        decimal.setcontext(numbers)
        locale.setlocale(locale.LC_ALL, language)
        restore_signals()
        if folder and _folder() != folder:
            os.chdir(folder)


def _folder() -> str:
    try:
        return os.getcwd()
    except OSError:  # it was deleted
        return ""


def _signals() -> Callable[[], None]:
    """Return what gives the signals back to those who have them now, and stops an alarm; only the main thread may."""
    import signal
    import threading

    if threading.current_thread() is not threading.main_thread():
        return lambda: None
    before = {each: signal.getsignal(each) for each in signal.valid_signals()}
    has_alarm = sys.platform != "win32" and signal.getitimer(signal.ITIMER_REAL)[0] > 0

    def restore() -> None:
        if sys.platform != "win32" and not has_alarm:
            signal.setitimer(signal.ITIMER_REAL, 0)
        for each, handler in before.items():
            if handler is not None and signal.getsignal(each) is not handler:
                signal.signal(each, handler)

    return restore


def disabled_names() -> frozenset[str]:
    """Return the plugins and distributions that the environment variable KPI_DISABLE ("a,b") shuts out."""
    return frozenset(each.strip().casefold() for each in os.environ.get("KPI_DISABLE", "").split(",") if each.strip())


def told(error: BaseException) -> str:
    """Return what went wrong in foreign code, in one line, with the file and line that raised it."""
    if isinstance(error, KpiError | Stopped) and not isinstance(error, BadDefinition):
        return short_line(_text(error))
    import traceback  # 3 ms that only a failure needs

    what = "it calls sys.exit()" if isinstance(error, SystemExit) else in_words(error)
    if isinstance(error, BadDefinition):
        what = _text(error)
    frames = [each for each in traceback.extract_tb(error.__traceback__) if not _ours(each.filename)]
    place = f" ({os.path.basename(frames[-1].filename)}, line {frames[-1].lineno})" if frames else ""
    return short_line(what) + place


def in_words(error: BaseException) -> str:
    """Return the kind of an error and what it says, in one line; foreign ones may fail to say anything."""
    return one_line(f"{type(error).__name__}: {_text(error)}").removesuffix(":").removesuffix(": ")


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except KeyboardInterrupt:
        raise
    except BaseException:  # foreign code, too
        return ""


def _ours(file: str) -> bool:
    """Whether the file is of this package, of Python's import machinery, or none, which are not to blame."""
    ours = (os.path.dirname(__file__), os.path.dirname(importlib.__file__), "<")
    return file.startswith(ours)


def short_line(text: str) -> str:
    """Return the text as one line that is not too long."""
    line = one_line(text)
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
