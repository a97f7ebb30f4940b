"""What can be wrong with a warehouse file, each as one clear line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from kpicore.errors import KpiError, WarehouseError

_LOAD_AGAIN = "Move it away and load again: kpi import FILE"
_SIGNS = (
    ("could not set lock", "another program has it open for writing", "Close that program and try again."),
    ("no space left", "the disk is full", "Free some space and try again; the data is as it was."),
    ("file too large", "the disk is full", "Free some space and try again; the data is as it was."),
    ("disk quota", "the disk is full", "Free some space and try again; the data is as it was."),
    ("max_temp_directory_size", "the disk is full", "Free some space and try again; the data is as it was."),
    ("read-only file system", "the folder is read-only", "Work in a folder that you may write to."),
    ("permission denied", "it may not be read or written", "Check the permissions of the file and its folder."),
    ("with version number", "it was made by a newer version", "Update: pip install --upgrade kpicore"),
    ("not a valid duckdb", "it is not a warehouse file", _LOAD_AGAIN),
    ("checksum", "the file is damaged or cut short", _LOAD_AGAIN),
    ("out of memory", "this needs more memory than there is", "Close other programs and try again."),
)

_OF_THE_FILE = (
    *(duckdb.IOException, duckdb.PermissionException, duckdb.OutOfMemoryException),
    *(duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException),
)


def missing(path: Path) -> WarehouseError:
    """Return the error for a workspace into which nothing has been loaded."""
    return WarehouseError(f"{path}: there is no warehouse yet.", hint="Load data: kpi import FILE, or try kpi demo.")


def newer(path: Path, number: int, known: int) -> WarehouseError:
    """Return the error for a file whose layout this version does not know."""
    return WarehouseError(
        f"{path}: it was made by a newer version (layout {number}, this one knows {known}).",
        hint="Update: pip install --upgrade kpicore",
    )


OUTDATED = "outdated: "
"""Begins what DuckDB says when a column is read that may not be."""


def outdated(why: str) -> WarehouseError:
    """Return the error for tables that were made by other definitions than today's."""
    return WarehouseError(why)


def busy(path: Path) -> WarehouseError:
    """Return the error for a second load at the same time."""
    return WarehouseError(f"{path}: another load is running.", hint="Wait until it is done and try again.")


def unwritable(path: Path, error: OSError) -> WarehouseError:
    """Return the error for what the system said about a file."""
    return _told(path, f"{error.strerror or error}", error)


@contextmanager
def told(path: Path) -> Iterator[None]:
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
        raise outdated(why) from None
    except duckdb.Error as error:
        if not isinstance(error, _OF_THE_FILE) and _sign(str(error)) is None:
            raise
        raise _told(path, str(error), error) from error


def _told(path: Path, text: str, error: Exception) -> WarehouseError:
    sign = _sign(text)
    if sign is not None:
        return WarehouseError(f"{path}: {sign[0]}.", hint=sign[1])
    if isinstance(error, OSError):
        return WarehouseError(f"{path}: {text}.")
    return WarehouseError(f"{path}: the file is damaged or cut short.", hint=_LOAD_AGAIN)


def _sign(text: str) -> tuple[str, str] | None:
    folded = text.casefold()
    return next(((problem, hint) for sign, problem, hint in _SIGNS if sign in folded), None)
