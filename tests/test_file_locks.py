"""Files that one process at a time changes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kpicore import KpiError, changing

HOLDER = """
import sys
from pathlib import Path
from kpicore import changing

with changing(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_who_finds_a_file_being_changed_is_told_and_the_lock_ends_with_its_holder(tmp_path):
    file = tmp_path / "a.toml"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        with pytest.raises(KpiError) as refused, changing(file, wait_seconds=0):
            pass
        assert str(refused.value) == (f"{file}: another program is changing it. Wait until it is done and try again.")
        holder.kill()
    taken = "another program is changing it"
    with changing(file), pytest.raises(KpiError, match=taken), changing(file, wait_seconds=0):
        pass


def test_a_folder_that_is_not_there_is_told_in_one_line(tmp_path):
    with (
        pytest.raises(KpiError, match=r"a\.toml: cannot be written \(No such file or directory\)"),
        changing(tmp_path / "none" / "a.toml"),
    ):
        pass


def test_what_the_block_raises_is_passed_on(tmp_path):
    with pytest.raises(FileExistsError), changing(tmp_path / "a.toml"):
        raise FileExistsError
    with changing(tmp_path / "a.toml", wait_seconds=0):
        pass
