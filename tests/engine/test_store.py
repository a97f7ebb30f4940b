"""Kept cubes are right or absent: whatever happens to their file, no other cube is read from it and nothing stops."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, nullcontext
from pathlib import Path
from random import Random
from shutil import copy

import pytest

from kpicore import Workspace
from kpicore.engine import engine as engine_module
from kpicore.engine.plan import cube_store as store_module
from kpicore.engine.plan.cube_store import FILE, CubeStore
from kpicore.engine.plan.cubes import Cube, CubeKey
from kpicore.warehouse import FILE as WAREHOUSE
from tests.engine.shapes import METRICS
from tests.engine.worlds import config_of, workspace
from tests.loops import loop

ASKED = [("single.total", "2025", "rep"), ("single.median", "2025-Q2", "channel"), ("single.end", "2025-04", "rep")]
TOTAL = 2670.0  # 100 + 200 + 150 + 300 + 50 + 400 + 500 + 250 + 600 + 120, the deals closed in 2025


@pytest.fixture
def kept(tiny_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """Give the tiny company with cubes of sums, medians and standing rows in the file."""
    monkeypatch.setattr(engine_module, "WORTH_KEEPING", 0)
    copy(tiny_folder / WAREHOUSE, tmp_path)
    with workspace(config_of(tmp_path), METRICS) as opened:
        for name, period, by in ASKED:
            opened.get(name, period, by=by)
            opened.get(name, period)
        yield opened


def file_of(opened: Workspace) -> Path:
    return opened.config.folder / FILE


def store_of(opened: Workspace) -> CubeStore:
    return CubeStore(file_of(opened), opened.warehouse.state.version)


def cubes_of(opened: Workspace) -> Mapping[CubeKey, Cube]:
    """Return what the file holds."""
    found = {key: store_of(opened).get(key) for key in opened.engine.cubes.memory._cubes}
    cubes = {key: cube for key, cube in found.items() if cube is not None}
    assert len(cubes) == len(found) == 6
    return cubes


def run(opened: Workspace, sql: str) -> None:
    with closing(sqlite3.connect(file_of(opened))) as connection, connection:
        connection.execute(sql)


def flipped(data: bytes, chance: Random) -> bytes:
    """Return the bytes with one bit that is another."""
    place = chance.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]


def cut_short(data: bytes, chance: Random) -> bytes:
    return data[: chance.randrange(len(data))]


def overwritten(data: bytes, chance: Random) -> bytes:
    """Return the bytes with a stretch of zeros, as disks leave it."""
    start = chance.randrange(len(data))
    return (data[:start] + bytes(chance.randrange(1, 5_000)) + data[start + 5_000 :])[: len(data)]


def nothing_wrong(opened: Workspace, data: bytes, whole: Mapping[CubeKey, Cube], asked: set[object]) -> int:
    """Read everything from a damaged file, and keep something in it; return how many cubes were not found."""
    file_of(opened).write_bytes(data)
    store = store_of(opened)
    lost = 0
    for key, cube in whole.items():
        found = store.get(key)
        lost += found is None
        assert found is None or found == cube
    assert asked.issuperset(store.asked())
    store.problem()
    key, cube = next(iter(whole.items()))
    store.put([(key, cube)])
    store.drop_old()
    assert store.get(key) in (None, cube)
    return lost


@loop("single bits flipped in the file of kept cubes, of which none gave another cube", ci=300, soak=5_000)
def test_a_flipped_bit_is_a_miss(kept: Workspace, rounds: int, chance: Random) -> None:
    data, whole, asked = file_of(kept).read_bytes(), cubes_of(kept), set(store_of(kept).asked())
    lost = [nothing_wrong(kept, flipped(data, chance), whole, asked) for _ in range(rounds)]
    assert sum(each > 0 for each in lost) > rounds / 10  # the others hit what is not used, or no content


@pytest.mark.parametrize(
    ("text", "damaged"), [(b"CREATE TABLE cube", b"CREATE TAB\xe5E cube"), (b"measure TEXT", b"\xe5easure TEX\xff")]
)
def test_a_message_of_sqlite_that_quotes_damaged_bytes_is_a_miss_too(
    kept: Workspace, text: bytes, damaged: bytes
) -> None:
    data, whole, asked = file_of(kept).read_bytes(), cubes_of(kept), set(store_of(kept).asked())
    assert text in data
    nothing_wrong(kept, data.replace(text, damaged), whole, asked)


@pytest.mark.parametrize("damage", [cut_short, overwritten])
@loop("files of kept cubes cut short or overwritten in part", ci=40, soak=1_000)
def test_a_torn_file_is_a_miss(
    kept: Workspace, rounds: int, chance: Random, damage: Callable[[bytes, Random], bytes]
) -> None:
    data, whole, asked = file_of(kept).read_bytes(), cubes_of(kept), set(store_of(kept).asked())
    lost = [nothing_wrong(kept, damage(data, chance), whole, asked) for _ in range(rounds)]
    assert sum(each > 0 for each in lost) > rounds / 3


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE cube SET cells = replace(cells, '1', '2')",
        "UPDATE cube SET cells = CAST(cells AS BLOB)",
        "UPDATE cube SET cells = NULL",
        "UPDATE cube SET digest = NULL",
        "UPDATE cube SET digest = upper(digest)",
        "UPDATE cube SET version = replace(version, ':', ':0')",
        "UPDATE cube SET last = last || ' '",
        "UPDATE cube SET used = 'yesterday'",
        "UPDATE cube SET measure = measure || 'x'",
        "UPDATE cube SET dimensions = substr(dimensions, 2)",
        "UPDATE cube SET time = 'fortnight'",
        "UPDATE cube SET cells = o.cells, digest = o.digest FROM cube AS o WHERE o.rowid = 7 - cube.rowid",
        "ALTER TABLE cube DROP COLUMN digest",
        "ALTER TABLE cube RENAME COLUMN cells TO sells",
        "DROP TABLE cube",
    ],
)
def test_a_row_that_was_changed_is_none_and_what_is_asked_then_is_right_and_kept_again(
    kept: Workspace, sql: str
) -> None:
    whole = cubes_of(kept)
    run(kept, sql)
    store = store_of(kept)
    assert [store.get(key) for key in whole] == [None] * 6
    if "version" not in sql:
        assert store.asked() == []
    with workspace(kept.config, METRICS) as again:
        assert again.get("single.total", "2025").values() == [TOTAL]
    assert [key.time for key in whole if store.get(key) is not None] == ["month"]


def test_cubes_of_other_data_are_none_also_when_they_lie_under_todays_version(kept: Workspace) -> None:
    whole = cubes_of(kept)
    version = kept.warehouse.state.version
    other = CubeStore(file_of(kept), "2-other")
    assert [other.get(key) for key in whole] == [None] * 6
    assert set(other.asked()) == set(store_of(kept).asked())  # what used to be asked stays known
    run(kept, f"UPDATE cube SET version = replace(version, '{version}', '2-other')")
    assert [other.get(key) for key in whole] == [None] * 6


def test_the_file_of_an_earlier_version_is_replaced(kept: Workspace) -> None:
    file_of(kept).unlink()
    run(
        kept,
        "CREATE TABLE cube (measure TEXT, dimensions TEXT, time TEXT, last TEXT, version TEXT, used INTEGER, "
        "cells TEXT, PRIMARY KEY (measure, dimensions, time, last))",
    )
    run(kept, f"INSERT INTO cube VALUES ('m', '[]', 'month', '', '1:{kept.warehouse.state.version}', 1, '[[],[]]')")
    for _ in range(2):
        with workspace(kept.config, METRICS) as again:
            assert again.get("single.total", "2025").values() == [TOTAL]
    assert [each.time for each in store_of(kept).asked()] == ["month"]


def test_a_file_that_is_none_is_replaced_when_there_is_something_to_keep(kept: Workspace) -> None:
    file_of(kept).write_text("no database\n" * 100)
    with workspace(kept.config, METRICS) as again:
        assert again.get("single.total", "2025").values() == [TOTAL]
    assert store_of(kept).problem() == ""
    assert [each.time for each in store_of(kept).asked()] == ["month"]


def test_what_was_kept_longest_ago_makes_room_and_what_is_too_large_is_not_kept(
    kept: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = cubes_of(kept)
    monkeypatch.setattr(store_module, "MOST_BYTES", 20_000)
    large = Cube(times=set(range(100_000)))
    for each in (*whole.items(), *whole.items()):
        store_of(kept).put([each])
    assert store_of(kept).get(list(whole)[-1]) == list(whole.values())[-1]
    store_of(kept).put([(next(iter(whole)), large)])
    assert [store_of(kept).get(key) for key in whole] == [None] * 6
    assert file_of(kept).exists() and store_of(kept).asked() == []


def test_a_folder_in_the_place_of_the_file_is_told(kept: Workspace) -> None:
    assert store_of(kept).problem() == ""
    file_of(kept).unlink()
    assert store_of(kept).problem() == ""
    file_of(kept).mkdir()
    assert store_of(kept).problem() == (
        "it cannot be used (unable to open database file), so each process reads the rows anew. Move it away."
    )


def test_a_kept_cube_comes_back_with_whole_rows_also_where_its_totals_are_its_counts(tmp_path: Path) -> None:
    cube = Cube(times={202501, 202502})
    cube.cells[("Ann",)] = {202501: (1.0, 1, 0, 0), 202502: (2.0, 2, 0, 0)}
    cube.cells[("Bob",)] = {202501: (2.5, 2, 0, 0)}
    read = store_module._decoded(store_module._encoded(cube, nullcontext()))
    assert read.cells == cube.cells
    assert {type(rows) for cells in read.cells.values() for cell in cells.values() for rows in cell[1:]} == {int}
