"""A load never harms what is there: killed, crowded out or out of space, the old data is whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kpicore import WarehouseError, open_workspace
from kpicore.warehouse import open_duckdb
from kpicore.warehouse.duckdb.writer import writing
from kpicore_crm.testing import load_tiny_company

LOADING = """
import sys
from pathlib import Path
from kpicore.config.reader import Config
from kpicore.testing import load
from tests.crm import crm_registry, with_crm
from kpicore.testing import TinySource, batch

registry = crm_registry()
deals = batch(registry, "opportunity", "id amount\\n" + "\\n".join(f"x{n} {n}" for n in range(2000)))

class Slow(TinySource):
    def batches(self, cursor):
        yield deals
        print("half", flush=True)
        sys.stdin.read()

load(with_crm(Config(Path(sys.argv[1]), "test")), registry, [Slow("slow", ())])
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return load_tiny_company(tmp_path)


def deals(file: Path) -> int:
    warehouse = open_duckdb(file)
    ((count,),) = warehouse.query("SELECT count(*) FROM kpi.opportunity")
    warehouse.close()
    assert isinstance(count, int)
    return count


def half_way(folder: Path) -> subprocess.Popen[str]:
    loading = subprocess.Popen(
        [sys.executable, "-c", LOADING, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert loading.stdout is not None
    assert loading.stdout.readline() == "half\n"
    return loading


def test_a_killed_load_leaves_the_old_data_whole_and_the_next_one_works(tmp_path, file):
    before = file.read_bytes()
    with half_way(tmp_path) as loading:
        loading.send_signal(signal.SIGKILL)
    assert (tmp_path / "warehouse.duckdb.next").exists()
    assert file.read_bytes() == before
    load_tiny_company(tmp_path)
    assert deals(file) == 12
    assert not (tmp_path / "warehouse.duckdb.next").exists()


def test_while_one_load_runs_readers_read_and_a_second_load_is_refused(tmp_path, file):
    with half_way(tmp_path) as loading:
        assert deals(file) == 12
        with pytest.raises(WarehouseError, match=r"another load is running\. Wait until it is done"):
            load_tiny_company(tmp_path)
        loading.communicate("")
    assert loading.returncode == 0
    assert deals(file) == 2012


def test_a_reader_keeps_its_data_while_a_load_publishes_and_the_next_reader_sees_the_new(tmp_path, file):
    old = open_duckdb(file)
    with writing(file) as connection:
        connection.execute("DELETE FROM made.opportunity WHERE id <> 'o1'")
    new = open_duckdb(file)
    assert old.query("SELECT count(*) FROM kpi.opportunity") == [(12,)]
    assert new.query("SELECT count(*) FROM kpi.opportunity") == [(1,)]
    old.close()
    new.close()


def test_a_file_that_another_program_writes_is_not_loaded_into(tmp_path, file):
    program = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(WarehouseError, match="another program has it open for writing"):
            load_tiny_company(tmp_path)
        other.communicate()
    assert deals(file) == 12


def test_an_error_while_writing_publishes_nothing(tmp_path, file):
    with pytest.raises(ZeroDivisionError), writing(file) as connection:
        connection.execute("DELETE FROM made.opportunity")
        raise ZeroDivisionError
    assert deals(file) == 12
    assert sorted(each.name for each in tmp_path.iterdir()) == ["kpi.toml", "warehouse.duckdb", "warehouse.duckdb.lock"]


FILLING = """
import resource, signal, sys
from pathlib import Path
from kpicore.errors import WarehouseError
from kpicore.warehouse.duckdb.writer import writing

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
file = Path(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size + 1_000_000,) * 2)
try:
    with writing(file) as connection:
        connection.execute("CREATE TABLE raw.big AS SELECT md5(i::VARCHAR) AS text FROM range(500000) AS t(i)")
except WarehouseError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit of file size on Windows")
def test_a_full_disk_is_told_and_the_data_is_as_it_was(tmp_path, file):
    told = subprocess.run([sys.executable, "-c", FILLING, str(file)], capture_output=True, text=True, check=True)
    assert "the disk is full. Free some space and try again; the data is as it was." in told.stdout
    assert deals(file) == 12
    assert not (tmp_path / "warehouse.duckdb.next").exists()


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write to any folder")
def test_a_read_only_folder_is_told(tmp_path, file):
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(WarehouseError, match="may not be read or written"):
            load_tiny_company(tmp_path)
    finally:
        tmp_path.chmod(0o755)


def test_a_newer_warehouse_is_not_overwritten(file):
    with writing(file) as connection:
        connection.execute("UPDATE book.format SET number = 99")
    before = file.read_bytes()
    with pytest.raises(WarehouseError, match="made by a newer version"), writing(file):
        pass
    assert file.read_bytes() == before


def test_a_damaged_warehouse_is_not_overwritten(file):
    file.write_bytes(b"not a database" * 1000)
    with pytest.raises(WarehouseError, match="it is not a warehouse file"), writing(file):
        pass
    assert file.read_bytes() == b"not a database" * 1000


@pytest.mark.parametrize("named", ["spill", "missing"])
def test_what_does_not_fit_into_memory_goes_to_the_temporary_folder_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    load_tiny_company(tmp_path)
    (tmp_path / "spill").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / named))
    with open_workspace(tmp_path) as workspace:
        ((folder,),) = workspace.warehouse.query("SELECT current_setting('temp_directory')")
    assert Path(folder).is_dir() and (Path(folder) == tmp_path / "spill") == (named == "spill")
