"""What foreign code does to the whole process while it is loaded is undone, so that no answer depends on it."""

from __future__ import annotations

import builtins
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Restore = Callable[[], object]
"""Puts back what stood when it was made."""


@contextmanager
def undone() -> Iterator[None]:
    """Undo what foreign code does to the process. What it adds to `sys.path` stays, behind all that was there."""
    import warnings

    # each is read before the plugin runs: what stood there is not known afterwards
    kept = [state() for state in (_interpreter, _paths, _names, _numbers, _language, _environment, _logs, _signals)]
    try:
        with warnings.catch_warnings():
            yield
    finally:
        for restore in kept:
            restore()


def _interpreter() -> Restore:
    streams, limit, digits = (sys.stdin, sys.stdout, sys.stderr), sys.getrecursionlimit(), sys.get_int_max_str_digits()

    def restore() -> None:
        sys.stdin, sys.stdout, sys.stderr = streams
        sys.setrecursionlimit(limit)
        sys.set_int_max_str_digits(digits)
        if (dumps := sys.modules.get("faulthandler")) is not None:
            dumps.cancel_dump_traceback_later()

    return restore


def _paths() -> Restore:
    folder, path, finders, hooks = _folder(), list(sys.path), list(sys.meta_path), list(sys.path_hooks)
    # it can only be read by setting another
    mask = os.umask(0o077)
    os.umask(mask)

    def restore() -> None:
        sys.path[:] = [*path, *(entry for entry in sys.path if entry not in path)]
        sys.meta_path[:] = [*finders, *(finder for finder in sys.meta_path if finder not in finders)]
        sys.path_hooks[:] = [*hooks, *(hook for hook in sys.path_hooks if hook not in hooks)]
        os.umask(mask)
        if folder and _folder() != folder:
            os.chdir(folder)

    return restore


def _names() -> Restore:
    """Return what puts back the modules and built-in names that were there; a module that is barred is let in again."""
    modules, known = dict(sys.modules), dict(vars(builtins))

    def restore() -> None:
        vars(builtins).update(known)
        for name in [name for name, module in sys.modules.items() if module is None and name not in modules]:
            del sys.modules[name]
        sys.modules.update(modules)

    return restore


def _numbers() -> Restore:
    import decimal

    context = decimal.getcontext().copy()
    return lambda: decimal.setcontext(context)


def _language() -> Restore:
    import locale

    language = locale.setlocale(locale.LC_ALL)
    return lambda: locale.setlocale(locale.LC_ALL, language)


def _environment() -> Restore:
    import time

    variables = dict(os.environ)

    def restore() -> None:
        if os.environ != variables:
            for name in os.environ.keys() - variables.keys():
                del os.environ[name]
            os.environ.update(variables)
            if sys.platform != "win32":
                time.tzset()

    return restore


def _logs() -> Restore:
    import logging

    root, disabled = logging.getLogger(), logging.root.manager.disable
    level, handlers = root.level, list(root.handlers)

    def restore() -> None:
        root.setLevel(level)
        root.handlers[:] = handlers
        logging.disable(disabled)

    return restore


def _signals() -> Restore:
    """Return what gives the signals back to those who have them now, and stops an alarm; only the main thread may."""
    import signal
    import threading

    if threading.current_thread() is not threading.main_thread():
        return lambda: None
    before = {number: signal.getsignal(number) for number in signal.valid_signals()}
    has_alarm = sys.platform != "win32" and signal.getitimer(signal.ITIMER_REAL)[0] > 0

    def restore() -> None:
        if sys.platform != "win32" and not has_alarm:
            signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            if handler is not None and signal.getsignal(number) is not handler:
                signal.signal(number, handler)

    return restore


def _folder() -> str:
    try:
        return os.getcwd()
    except OSError:  # it was deleted
        return ""
