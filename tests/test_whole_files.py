"""What is written is whole at any time: after an error or a kill the file is as it was."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys

import pytest

from kpicore import KpiError, write_whole, written_whole
from tests.shipped import texts

HALF = """
import sys
from pathlib import Path
from kpicore import written_whole

with written_whole(Path(sys.argv[1])) as draft:
    draft.write_text("half")
    print("half", flush=True)
    sys.stdin.read()
"""


def test_a_file_takes_the_place_of_the_old_one(tmp_path):
    file = tmp_path / "a.txt"
    write_whole(file, "old")
    write_whole(file, "new")
    assert file.read_text() == "new"
    assert [each.name for each in tmp_path.iterdir()] == ["a.txt"]


def test_after_an_error_the_file_is_as_it_was_and_nothing_is_left_behind(tmp_path):
    file = tmp_path / "a.txt"
    write_whole(file, "old")
    with pytest.raises(ZeroDivisionError), written_whole(file) as draft:
        draft.write_text("half")
        raise ZeroDivisionError
    assert file.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
def test_after_a_kill_the_file_is_as_it_was(tmp_path):
    file = tmp_path / "a.txt"
    write_whole(file, "old")
    with subprocess.Popen(
        [sys.executable, "-c", HALF, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writing:
        assert writing.stdout is not None and writing.stdout.readline() == "half\n"
        writing.send_signal(signal.SIGKILL)
    assert file.read_text() == "old"


def test_what_cannot_be_written_is_told_in_one_line(tmp_path):
    with pytest.raises(KpiError, match=r"b\.txt: cannot be written \(No such file or directory\)\. Name another\.$"):
        write_whole(tmp_path / "no folder" / "b.txt", "text", hint="Name another.")


@pytest.mark.skipif(os.name != "posix", reason="rights of files are a Unix thing")
def test_a_private_file_is_its_owner_s_and_another_keeps_its_rights(tmp_path):
    write_whole(tmp_path / "secret", "text", private=True)
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    write_whole(tmp_path / "shared", "text")
    (tmp_path / "shared").chmod(0o640)
    write_whole(tmp_path / "shared", "text")
    assert (tmp_path / "shared").stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="a link needs rights on Windows")
def test_of_a_link_what_it_points_to_is_written(tmp_path):
    write_whole(tmp_path / "target", "old")
    (tmp_path / "link").symlink_to("target")
    write_whole(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "target").read_text() == "new"


WRITES = re.compile(r"\.write_(?:text|bytes)\(|\bWorkbook\(|\bZipFile\([^)]*[\"']w|open\([^)]*[\"'][wax]")
KNOWN = {
    "kpicore/utils/whole_files.py": 1,
    "plugins/kpicore_xlsx/workbooks.py": 1,
    "excel_addin/kpicore_excel/command.py": 1,  # to a draft
    "excel_addin/kpicore_excel/libreoffice/extension.py": 1,  # to a draft
    "plugins/kpicore_http/certificate.py": 1,  # to a draft
    "sheets_sync/kpicore_sheets/google/person.py": 1,  # a secret into a new file only: nothing is written over
    "plugins/kpicore_sources/files/encoding.py": 2,  # into the folder of the staging, which goes away
    "kpicore/testing/tables.py": 1,  # a test's own folder
    "kpicore/testing/sheets/certificates.py": 2,  # the same, throw-away keys
    "kpicore/testing/sheets/tokens.py": 2,  # the same
    "kpicore/ingest/originals/keeping.py": 1,  # to a draft
    "kpicore/ingest/originals/reading.py": 1,  # into a folder that goes away
    "kpicore/plugins/hookspecs/workspaces.py": 1,  # an example in a docstring
}


def test_nothing_is_written_in_another_way():
    assert {file: count for file, text in texts().items() if (count := len(WRITES.findall(text)))} == KNOWN
