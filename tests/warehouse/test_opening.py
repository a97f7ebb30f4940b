"""Opening a warehouse file that is missing, foreign, damaged, locked or newer: one clear line each."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from kpicore import Warehouse, WarehouseError
from kpicore.testing import open_warehouse
from kpicore_crm.testing import load_tiny_company


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return load_tiny_company(tmp_path_factory.mktemp("tiny")).read_bytes()


@pytest.fixture
def file(tmp_path: Path, whole: bytes) -> Path:
    path = tmp_path / "warehouse.duckdb"
    path.write_bytes(whole)
    return path


@pytest.fixture
def warehouse(file: Path) -> Iterator[Warehouse]:
    opened = open_warehouse(file.parent)
    yield opened
    opened.close()


def test_every_query_has_the_settings_of_the_warehouse(warehouse):
    names = ("TimeZone", "perfect_ht_threshold")
    shown = ", ".join(f"current_setting('{name}')" for name in names)
    assert warehouse.query(f"SELECT {shown}") == [("UTC", 17)]


def test_a_missing_file_is_told_with_what_to_do(tmp_path):
    with pytest.raises(
        WarehouseError, match=r"there is no warehouse yet\. Load data: kpi import FILE, or try kpi demo"
    ):
        open_warehouse(tmp_path)


@pytest.mark.parametrize("content", [b"", b"id,amount\n1,2\n" * 1000])
def test_a_file_of_another_kind_is_told(tmp_path, content):
    path = tmp_path / "warehouse.duckdb"
    path.write_bytes(content)
    with pytest.raises(WarehouseError, match="it is not a warehouse file"):
        open_warehouse(path.parent)


def test_a_database_that_is_no_warehouse_is_told(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    duckdb.connect(str(path)).close()
    with pytest.raises(WarehouseError, match="not a warehouse"):
        open_warehouse(path.parent)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6])
def test_a_file_that_was_cut_short_is_told_when_opened_or_read(tmp_path, whole, share):
    path = tmp_path / "warehouse.duckdb"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(WarehouseError, match=r"damaged or cut short|not a warehouse"):
        warehouse = open_warehouse(path.parent)
        for name in warehouse.state.entities:
            warehouse.query(f'SELECT max(COLUMNS(*)) FROM kpi."{name}"')


def test_a_file_with_flipped_bytes_is_told_and_never_read_as_numbers(tmp_path, whole):
    path = tmp_path / "warehouse.duckdb"
    block = 262_144
    damaged = bytearray(whole)
    for start in range(12_288 + 5_000, len(whole), block // 8):
        damaged[start] ^= 0xFF
    path.write_bytes(damaged)
    with pytest.raises(WarehouseError, match="damaged or cut short"):
        open_warehouse(path.parent)


def test_a_newer_layout_is_told(file):
    connection = duckdb.connect(str(file))
    connection.execute("UPDATE book.format SET number = 99")
    connection.close()
    with pytest.raises(WarehouseError, match=r"made by a newer version \(layout 99, this one knows 3\)\. Update"):
        open_warehouse(file.parent)


def test_a_file_that_another_program_writes_is_told(file):
    program = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(WarehouseError, match="another program has it open for writing"):
            open_warehouse(file.parent)
        other.communicate()


def test_values_are_bound_by_place(warehouse):
    sql = "SELECT id FROM kpi.opportunity WHERE rep = ? AND amount > ? ORDER BY id"
    assert warehouse.query(sql, ["Bob Ray", 200]) == [("o4",), ("o8",)]


def test_text_that_tries_to_be_sql_is_just_a_text(warehouse):
    evil = "'; DROP TABLE kpi.opportunity; --"
    assert warehouse.query("SELECT count(*) FROM kpi.opportunity WHERE rep = ?", [evil]) == [(0,)]
    assert warehouse.members(evil) == ()
    assert warehouse.query("SELECT count(*) FROM kpi.opportunity") == [(12,)]


def test_the_warehouse_cannot_be_written_through(warehouse):
    with pytest.raises(duckdb.Error, match="read-only"):
        warehouse.query("DELETE FROM made.opportunity")


def test_two_readers_at_once_see_the_same(file, warehouse):
    other = open_warehouse(file.parent)
    assert other.query("SELECT count(*) FROM kpi.opportunity") == warehouse.query(
        "SELECT count(*) FROM kpi.opportunity"
    )
    other.close()


def test_closing_twice_is_harmless(file):
    opened = open_warehouse(file.parent)
    opened.close()
    opened.close()
