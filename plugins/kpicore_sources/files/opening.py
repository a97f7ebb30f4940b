"""From a path to staged tables: what kind of file it is, and one clear line for one that is none."""

from __future__ import annotations

import stat
from pathlib import Path

from kpicore import BadFile
from kpicore_sources.files import delimited, json_files, parquet_files, workbooks
from kpicore_sources.files.staging import StagedSheet, Staging

_WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_JSON = (".json", ".jsonl", ".ndjson")
_PACKED = {
    b"\x1f\x8b": "compressed by gzip",
    b"\x28\xb5\x2f\xfd": "compressed by zstd",
    b"BZh": "compressed by bzip2",
    b"\xfd7zXZ": "compressed by xz",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"PK\x05\x06": "an empty ZIP archive",
}
_OTHERS = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"SQLite format 3": "an SQLite database",
    b"{\\rtf": "an RTF document",
}


def stage_file(staging: Staging, path: Path, encoding: str = "") -> tuple[StagedSheet, ...]:
    """Stage every table of a file as text.

    Raises: BadFile for one that is missing, a folder, unreadable, empty, binary, or cut short.
    """
    start = _first_bytes(path)
    _refuse_others(path, start)
    suffix = path.suffix.lower()
    # The first bytes count before the ending, which exports often have wrong.
    if start.startswith(b"PAR1") or suffix == ".parquet":
        return (parquet_files.stage_parquet(staging, path),)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) or suffix in _WORKBOOKS:
        return workbooks.stage(staging, path)
    # "[{" and not "[" alone: a header may begin with a bracket, as "[id];[name]" does
    if suffix in _JSON or (
        suffix not in (".csv", ".tsv") and start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[{"))
    ):
        return (json_files.stage_json(staging, path),)
    return (delimited.stage(staging, path, encoding),)


def _refuse_others(path: Path, start: bytes) -> None:
    for marks, hint in (
        (_PACKED, "Unpack it, and import what is in it."),
        (_OTHERS, "Give CSV, XLSX, ODS, Parquet or JSON lines."),
    ):
        kind = next((name for mark, name in marks.items() if start.startswith(mark)), "")
        if kind:
            raise BadFile(path, f"is {kind}", hint=hint)


def _first_bytes(path: Path) -> bytes:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise BadFile(path, "has a name that is no text", hint="Give it another name.") from None
    try:
        if not (stat.S_ISREG(path.stat().st_mode) or path.is_dir()):
            raise BadFile(path, "is no plain file", hint="Save what it gives to a file, and import that.")
        with path.open("rb") as file:
            start = file.read(64)
    except FileNotFoundError:
        raise BadFile(path, "there is no such file") from None
    except IsADirectoryError:
        raise BadFile(path, "is a folder", hint="Name the files in it.") from None
    except PermissionError:
        # Windows says so of a folder, too.
        problem = "is a folder" if path.is_dir() else "may not be read"
        raise BadFile(
            path, problem, hint="Name the files in it." if path.is_dir() else "Check its permissions."
        ) from None
    except OSError as error:
        raise BadFile(path, error.strerror or str(error)) from None
    if not start:
        raise BadFile(path, "is empty", hint="Export it again.")
    return start
