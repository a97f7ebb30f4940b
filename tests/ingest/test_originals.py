"""What was delivered is kept as it was read: its bytes, its names, its rights, and one line where it is gone."""

from __future__ import annotations

import errno
import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpicore import BadFile, WarehouseError
from kpicore.testing import WAREHOUSE_FILE
from tests.ingest.landed import (
    LANDED,
    Kept,
    drop_orphans,
    keep_original,
    keep_records,
    kept_file,
    lying,
    original_of,
    read_back,
    read_original,
)

DIGITS = b"0123456789"
# by hand: printf 0123456789 | sha256sum
DIGEST_OF_DIGITS = "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882"
DIGEST_OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the folder of a workspace."""
    (tmp_path / "ws").mkdir()
    return tmp_path / "ws"


def test_ten_bytes_are_kept_with_their_digest_and_read_back(folder):
    kept = kept_file(folder, DIGITS)
    assert kept == Kept(12, "files", "000012-1.zst", "deals.csv", ("deals",), 10, DIGEST_OF_DIGITS)
    assert lying(folder) == ["000012-1.zst"]
    assert read_back(folder, kept) == DIGITS


def test_an_empty_file_is_kept_and_read_back(folder):
    kept = kept_file(folder, b"")
    assert (kept.bytes, kept.digest) == (0, DIGEST_OF_NOTHING)
    assert read_back(folder, kept) == b""


def test_text_is_packed_and_what_is_packed_already_is_copied_as_it_is(folder):
    text = b"D1;Won;1000\n" * 10_000
    for content, file in (
        (text, "000001-1.zst"),
        (gzip.compress(text), "000002-1.bin"),
        (b"PK\x03\x04x", "000003-1.bin"),
    ):
        kept = kept_file(folder, content, load=int(file[:6]))
        assert kept.file == file
        assert read_back(folder, kept) == content
    assert (folder / LANDED / "000001-1.zst").stat().st_size < 1000
    assert (folder / LANDED / "000003-1.bin").read_bytes() == b"PK\x03\x04x"


@given(st.binary(max_size=5000) | st.binary(max_size=9).map(lambda part: part * 3000))
def test_whatever_the_bytes_are_they_come_back(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("any") / "ws"
    folder.mkdir()
    kept = kept_file(folder, content)
    assert read_back(folder, kept) == content
    assert kept.digest == hashlib.sha256(content).hexdigest()


def test_deliveries_of_one_load_get_numbers_of_their_own(folder):
    assert [kept_file(folder, b"x").file for _ in range(11)][9:] == ["000012-10.zst", "000012-11.zst"]
    assert kept_file(folder, b"x", load=1_234_567).file == "1234567-1.zst"


HOSTILE = (
    "../../etc/passwd",
    "Ümsätze 売上.csv",
    "a\x00b.csv",
    "x" * 5000 + ".csv",
    "'; DROP--.csv",
    "=1+1",
    "\udcff.csv",
    "",
)


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_no_name_of_a_file_becomes_a_path(folder, name):
    kept = kept_file(folder, DIGITS, name=name)
    assert lying(folder) == ["000012-1.zst"]
    kept.name.encode()  # the book can hold it
    with read_original(folder, kept) as file:
        assert file.name == ("original.csv" if name.endswith(".csv") else "original")
        assert file.read_bytes() == DIGITS
    assert not file.exists()


def test_records_are_kept_one_a_line(folder):
    texts = pa.chunked_array([['{"id":1}', None], ['{\n "id": 2,\r\n "näme": "a\\nb\u2028c"\n}']])
    kept = keep_records(folder, 3, "crm", "deals", texts)
    assert (kept.source, kept.streams, kept.name) == ("crm", ("deals",), "deals.jsonl")
    lines = read_back(folder, kept).split(b"\n")
    assert [json.loads(line) for line in lines[:-1]] == [{"id": 1}, None, {"id": 2, "näme": "a\nb\u2028c"}]
    assert lines[-1] == b""


def test_no_records_are_a_delivery_too(folder):
    kept = keep_records(folder, 3, "crm", "deals", pa.chunked_array([], pa.string()))
    assert read_back(folder, kept) == b""


def test_who_may_read_the_warehouse_may_read_what_was_delivered_and_nobody_else(folder):
    (folder / WAREHOUSE_FILE).touch()
    (folder / WAREHOUSE_FILE).chmod(0o640)
    kept = kept_file(folder, DIGITS)
    assert (folder / LANDED / kept.file).stat().st_mode & 0o777 == 0o640
    assert (folder / LANDED).stat().st_mode & 0o777 == 0o750
    (folder / WAREHOUSE_FILE).chmod(0o600)
    assert (folder / LANDED / kept_file(folder, DIGITS).file).stat().st_mode & 0o777 == 0o600


def spoiled(path: Path, how: str) -> None:
    """Do to a kept file what disks and people do."""
    packed = path.read_bytes()
    path.unlink()
    if how == "cut short":
        path.write_bytes(packed[:-3])
    elif how == "emptied":
        path.write_bytes(b"")
    elif how == "another file":
        path.write_bytes(b"%PDF-1.7 something else")
    elif how == "a byte flipped":
        path.write_bytes(packed[:20] + bytes([packed[20] ^ 1]) + packed[21:])
    elif how == "a bomb":
        path.write_bytes(pa.Codec("zstd", 1).compress(b"0" * 50_000_000).to_pybytes())
    elif how == "a folder":
        path.mkdir()


WAYS = ("missing", "cut short", "emptied", "another file", "a byte flipped", "a bomb", "a folder")


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("content", [DIGITS * 3, b"PK\x03\x04" + DIGITS * 3], ids=["packed", "copied"])
def test_what_is_not_there_or_something_else_is_told_in_one_line(folder, how, content):
    kept = kept_file(folder, content)
    spoiled(folder / LANDED / kept.file, how)
    with pytest.raises(BadFile) as refused, read_original(folder, kept):
        pass
    line = str(refused.value)
    assert line.startswith(f"landed/{kept.file}: load 12 of 'deals' (deals.csv) cannot be read again: it is ")
    assert line.endswith("Its rows stay as they are. Put it back, or load it again.")
    assert "\n" not in line


@pytest.mark.parametrize("step", ["mkdir", "open"])
def test_no_room_to_unpack_is_told_in_one_line(folder, monkeypatch, step):
    kept = kept_file(folder, DIGITS)
    real = getattr(os, step)

    def refused(path: object, *given: object, **named: object) -> object:
        if "kpicore-original-" in str(path):
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(path, *given, **named)

    monkeypatch.setattr(os, step, refused)
    monkeypatch.setattr(io, "open", refused if step == "open" else io.open)
    with pytest.raises(BadFile, match=r"there is no room to unpack it \(No space left on device\)"):
        read_back(folder, kept)


def test_a_book_that_names_another_path_reads_nothing(folder):
    (folder / "secret").write_bytes(DIGITS)
    kept = Kept(1, "files", "../secret", "deals.csv", ("deals",), 10, DIGEST_OF_DIGITS)
    with pytest.raises(BadFile, match="its name is none that is given here"), read_original(folder, kept):
        pass


def test_orphans_go_and_what_is_known_or_not_ours_stays(folder):
    kept, orphan = kept_file(folder, DIGITS), kept_file(folder, DIGITS)
    for name in ("notes.txt", "12-1.zst", ".000012-2.zst.0123abcd.part"):
        (folder / LANDED / name).write_text("x", encoding="utf-8")
    assert drop_orphans(folder, {kept.file}) == ()
    assert orphan.file == "000012-2.zst"
    assert lying(folder) == ["000012-1.zst", "12-1.zst", "notes.txt"]


def test_a_folder_that_is_none_stops_no_load(folder):
    assert drop_orphans(folder, ()) == ()
    (folder / LANDED).write_text("a file of that name", encoding="utf-8")
    assert drop_orphans(folder, ()) == ()
    with pytest.raises(WarehouseError, match=r"it is no folder\. Move it away and try again\."):
        kept_file(folder, DIGITS)


def test_an_orphan_that_cannot_be_removed_is_named(folder):
    (folder / LANDED / "000001-1.zst").mkdir(parents=True)
    assert drop_orphans(folder, ()) == ("000001-1.zst",)


def test_a_file_that_is_gone_or_changes_meanwhile_is_told_by_its_name(folder, tmp_path):
    with pytest.raises(BadFile, match=r"deals\.csv: cannot be read"):
        keep_original(folder, 1, "files", ("deals",), tmp_path / "gone", "deals.csv")
    growing = tmp_path / "growing"
    growing.write_bytes(DIGITS)
    real = os.fstat

    def grown(handle: int) -> os.stat_result:
        status = real(handle)
        with growing.open("ab") as file:
            file.write(b"more")
        return status

    with pytest.MonkeyPatch.context() as patch, pytest.raises(BadFile, match="was changed while it was read"):
        patch.setattr(os, "fstat", grown)
        keep_original(folder, 1, "files", ("deals",), growing, "deals.csv")
    assert lying(folder) == []


def test_an_original_is_given_to_plugins_by_its_name_and_load(folder):
    original = original_of(folder, kept_file(folder, DIGITS))
    assert (original.name, original.load) == ("deals.csv", 12)
    for _ in range(2):
        with original.opened() as file:
            assert file.read_bytes() == DIGITS


FILLING = """
import resource, signal, sys
from pathlib import Path
from kpicore.errors import WarehouseError
from kpicore.ingest.originals import keep_original

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
folder, file = Path(sys.argv[1]), Path(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000,) * 2)
try:
    keep_original(folder, 1, "files", ("deals",), file, "deals.csv")
except WarehouseError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit of file size on Windows")
def test_a_full_disk_is_told_in_one_line_and_nothing_is_left(folder, tmp_path):
    large = tmp_path / "large"
    large.write_bytes(os.urandom(3_000_000))
    command = [sys.executable, "-c", FILLING, str(folder), str(large)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout == f"{folder / LANDED}: the disk is full. Free some space and try again; the data is as it was.\n"
    assert (ran.stderr, lying(folder)) == ("", [])


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_what_the_disk_refuses_at_the_last_moment_leaves_nothing(folder, monkeypatch, number):
    def refused(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refused)
    with pytest.raises(WarehouseError):
        kept_file(folder, DIGITS)
    assert lying(folder) == []


KEEPING = """
import resource, sys
from pathlib import Path
import pyarrow
from kpicore.ingest.originals import keep_original, read_original

folder, file = Path(sys.argv[1]), Path(sys.argv[2])
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
small = folder / "small"
small.write_bytes(file.read_bytes()[:1])
with read_original(folder, keep_original(folder, 1, "files", (), small, "small.csv")):
    before = peak()
with read_original(folder, keep_original(folder, 2, "files", (), file, "large.csv")) as copy:
    print(peak() - before, copy.stat().st_size)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no resource module on Windows")
def test_fifty_megabytes_are_kept_and_read_in_bounded_memory(folder, tmp_path):
    large = tmp_path / "large"
    with large.open("wb") as file:
        for number in range(50):
            file.write(os.urandom(1_000) * 1_000 if number % 2 else os.urandom(1_000_000))
    command = [sys.executable, "-c", KEEPING, str(folder), str(large)]
    grown, size = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert int(size) == 50_000_000
    assert int(grown) < 40_000_000
