"""What can be wrong with a warehouse file, each as one clear line."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from kpicore.errors import KpiError, NothingLoaded, WarehouseError
from kpicore.warehouse.port import outdated_tables

_LOAD_AGAIN = "Move it away and load again: kpi import FILE"
_FULL = ("the disk is full", "Free some space and try again; the data is as it was.")
_FORBIDDEN = ("it may not be read or written", "Check the permissions of the file and its folder.")
_CLOSED = ("it has been closed", "Ask again.")
_TOO_LARGE = ("what is asked comes to a number that is too large", "Count in larger units: amount / 1000.")
_UNFIT = ("Conversion Error: Casting value ", "Conversion Error: Could not cast value ")
"""Begins what DuckDB says when a number does not fit the decimal that it is counted as."""
_NO_MEMORY = ("this needs more memory than there is", "Close other programs and try again.")

_SYSTEM = {
    **dict.fromkeys((errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)), _FULL),
    **dict.fromkeys((errno.EACCES, errno.EPERM), _FORBIDDEN),
    errno.EROFS: ("the folder is read-only", "Work in a folder that you may write to."),
}
"""What the system refused, by its number; DuckDB tells it in the system's own words."""

TEXTS = {
    "could not set lock": ("another program has it open for writing", "Close that program and try again."),
    "max_temp_directory_size": _FULL,
    "version number": ("it was made by a newer version", "Update: pip install --upgrade kpicore"),
    "not a valid duckdb": ("it is not a warehouse file", _LOAD_AGAIN),
    "checksum": ("the file is damaged or cut short", _LOAD_AGAIN),
}
"""What no class of DuckDB's errors tells: words of its messages, each held by a test that makes DuckDB say it."""

_OF_THE_FILE = (
    *(duckdb.IOException, duckdb.PermissionException, duckdb.OutOfMemoryException),
    *(duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException),
)


def missing(path: Path) -> NothingLoaded:
    """Return the error for a workspace into which nothing has been loaded."""
    return NothingLoaded(f"{path}: there is no warehouse yet.", hint="Load data: kpi import FILE, or try kpi demo.")


def newer(path: Path, number: int, known: int) -> WarehouseError:
    """Return the error for a file whose layout this version does not know."""
    return WarehouseError(
        f"{path}: it was made by a newer version (layout {number}, this one knows {known}).",
        hint="Update: pip install --upgrade kpicore",
    )


OUTDATED = "outdated: "
"""Begins what DuckDB says when a column is read that may not be."""


def busy(path: Path) -> WarehouseError:
    """Return the error for a second load at the same time."""
    return WarehouseError(f"{path}: another load is running.", hint="Wait until it is done and try again.")


def unwritable(path: Path, error: OSError) -> WarehouseError:
    """Return the error for what the system said about a file."""
    problem, hint = _SYSTEM.get(error.errno or 0, (error.strerror or str(error), ""))
    return WarehouseError(f"{path}: {problem}.", hint=hint)


@contextmanager
def clear_errors(path: Path) -> Iterator[None]:
    """Turn what DuckDB and the system say about the file into one clear WarehouseError."""
    try:
        yield
    except KpiError:
        raise
    except OSError as error:
        raise unwritable(path, error) from error
    except duckdb.InvalidInputException as error:
        _, sign, why = str(error).partition(OUTDATED)
        if not sign:
            raise
        raise outdated_tables(why) from None
    except duckdb.Error as error:
        meaning = _meaning(error)
        if meaning is None:
            raise
        raise WarehouseError(f"{path}: {meaning[0]}.", hint=meaning[1]) from error


def _meaning(error: duckdb.Error) -> tuple[str, str] | None:
    """Return problem and hint of an error about the file; None of any other, whose text may be anybody's."""
    if isinstance(error, duckdb.PermissionException):
        return _FORBIDDEN
    if isinstance(error, duckdb.ConnectionException):
        return _CLOSED
    if isinstance(error, duckdb.OutOfRangeException) or str(error).startswith(_UNFIT):
        return _TOO_LARGE
    # what fails while a commit writes, and what fails before a file is open, has no class of its own
    if not isinstance(error, (*_OF_THE_FILE, duckdb.TransactionException)) and type(error) is not duckdb.Error:
        return None
    meaning = _meaning_of(str(error).casefold())
    if meaning is None and isinstance(error, duckdb.OutOfMemoryException):
        return _NO_MEMORY
    if meaning is None and isinstance(error, _OF_THE_FILE):
        return TEXTS["checksum"]
    return meaning


def _meaning_of(text: str) -> tuple[str, str] | None:
    meanings = {os.strerror(number).casefold(): meaning for number, meaning in _SYSTEM.items()} | TEXTS
    return next((meaning for words, meaning in meanings.items() if words in text), None)
