"""What DuckDB and the system say about a file, as one line: by class where there is one, else by pinned words."""

from __future__ import annotations

import errno
import os
import struct
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from kpicore import WarehouseError
from kpicore.warehouse.duckdb.problems import TEXTS, clear_errors, unwritable

SORTED = "CREATE TABLE x AS SELECT md5(i::VARCHAR) AS a FROM range(3000000) AS t(i) ORDER BY a"


def said(error: duckdb.Error) -> str:
    """Return the error as DuckDB words it, in small letters."""
    return str(error).casefold()


def small(tmp_path: Path, **config: str | bool) -> duckdb.DuckDBPyConnection:
    """Return a database with little memory, whose rest goes to a folder."""
    given: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": "60MB", "threads": "1", "temp_directory": str(tmp_path / "t"), **config,
    }  # fmt: skip
    return duckdb.connect(config=given)


def header(content: bytes, version: int) -> bytes:
    """Return the content of a database file with another version of DuckDB's own format, its checksum put right."""
    changed = bytearray(content)
    changed[12:20] = version.to_bytes(8, "little")
    checksum = 5381
    for word in struct.unpack("<511Q", changed[8:4096]):
        checksum ^= (word * 0xBF58476D1CE4E5B9) & (2**64 - 1)
    changed[:8] = struct.pack("<Q", checksum)
    return bytes(changed)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.duckdb"
    duckdb.connect(str(path)).close()
    return path


def open_(path: Path) -> None:
    duckdb.connect(":memory:").execute(f"ATTACH '{path}' AS warehouse (READ_ONLY)")


def test_a_file_of_a_newer_duckdb_is_told(file):
    file.write_bytes(header(file.read_bytes(), 2_000_000))
    with pytest.raises(duckdb.IOException) as raised:
        open_(file)
    assert "version number" in said(raised.value)
    with (
        pytest.raises(WarehouseError, match=r"it was made by a newer version\. Update: pip install"),
        clear_errors(file),
    ):
        open_(file)


def test_a_file_that_is_no_database_is_told(tmp_path):
    path = tmp_path / "a.duckdb"
    path.write_bytes(b"id,amount\n" * 1000)
    with pytest.raises(duckdb.IOException) as raised:
        open_(path)
    assert "not a valid duckdb" in said(raised.value)
    with pytest.raises(WarehouseError, match="it is not a warehouse file"), clear_errors(path):
        open_(path)


def test_a_damaged_file_is_told_though_its_error_has_no_class_of_its_own(file):
    content = bytearray(file.read_bytes())
    content[4096 + 20] ^= 0xFF
    content[8192 + 20] ^= 0xFF
    file.write_bytes(content)
    with pytest.raises(duckdb.Error) as raised:
        open_(file)
    assert "checksum" in said(raised.value)
    with pytest.raises(WarehouseError, match="the file is damaged or cut short"), clear_errors(file):
        open_(file)


def test_a_file_that_another_program_writes_is_told(file):
    if sys.platform == "win32":
        pytest.skip("Windows words it otherwise")
    program = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(duckdb.IOException) as raised:
            open_(file)
        other.communicate()
    assert "could not set lock" in said(raised.value)
    with pytest.raises(WarehouseError, match="another program has it open for writing"), clear_errors(file):
        raise raised.value


def test_no_room_for_what_does_not_fit_into_memory_is_a_full_disk(tmp_path):
    connection = small(tmp_path)
    connection.execute("SET max_temp_directory_size = '1KB'")
    with pytest.raises(duckdb.OutOfMemoryException) as raised:
        connection.execute(SORTED)
    assert "max_temp_directory_size" in said(raised.value)
    with pytest.raises(WarehouseError, match="the disk is full"), clear_errors(tmp_path):
        raise raised.value


def test_too_little_memory_is_told_by_the_class_of_the_error(tmp_path):
    connection = small(tmp_path, memory_limit="20MB", temp_directory="")
    with pytest.raises(WarehouseError, match="this needs more memory than there is"), clear_errors(tmp_path):
        connection.execute(SORTED)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_a_full_disk_is_told_in_the_words_of_the_system(tmp_path):
    with pytest.raises(WarehouseError, match="the disk is full"), clear_errors(tmp_path):
        duckdb.connect().execute("COPY (SELECT md5(i::VARCHAR) FROM range(1000000) AS t(i)) TO '/dev/full'")


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EFBIG, "the disk is full"),
        (errno.EROFS, "the folder is read-only"),
        (errno.EACCES, "it may not be read or written"),
        (errno.EPERM, "it may not be read or written"),
    ],
)
def test_what_the_system_refuses_is_told_alike_by_python_and_by_duckdb(tmp_path, number, problem):
    assert f": {problem}." in str(unwritable(tmp_path, OSError(number, os.strerror(number))))
    with pytest.raises(WarehouseError, match=problem), clear_errors(tmp_path):
        raise duckdb.IOException(f'IO Error: Could not write file "x": {os.strerror(number)}')


@pytest.mark.parametrize("sql", ["CAST(9e30 AS DECIMAL(28, 9))", "CAST(1e37 AS DECIMAL(38, 0)) * 1000"])
def test_a_number_that_is_too_large_is_told_as_one(tmp_path, sql):
    with pytest.raises(WarehouseError, match="comes to a number that is too large"), clear_errors(tmp_path):
        duckdb.connect().execute(f"SELECT {sql}").fetchall()
    with pytest.raises(WarehouseError, match="comes to a number that is too large"), clear_errors(tmp_path):
        duckdb.connect().execute("SELECT CAST(CAST(9e22 AS DECIMAL(38, 9)) AS DECIMAL(28, 9))").fetchall()


@pytest.mark.parametrize("words", [*TEXTS, "no space left on device", "out of memory", "Casting value 1"])
def test_an_error_about_a_value_is_none_of_the_file_whatever_the_value_says(tmp_path, words):
    with pytest.raises(duckdb.ConversionException), clear_errors(tmp_path):
        duckdb.connect().execute("SELECT CAST(? AS INTEGER)", [words])


def test_every_text_that_is_looked_for_is_pinned_here():
    pinned = Path(__file__).read_text(encoding="utf-8")
    assert [each for each in TEXTS if f'assert "{each}" in said' not in pinned] == []
