"""What happens when a program that some tests need is missing: it is named, with the command that brings it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ASKS = """
def test_that_needs_node(program):
    assert program("node")
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Give a folder with the parts of the repository that know about programs."""
    (tmp_path / "tests").mkdir()
    for name in ("conftest.py", "loops.py"):
        shutil.copy(ROOT / "tests" / name, tmp_path / "tests")
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    (tmp_path / "tests" / "test_node.py").write_text(ASKS)
    (tmp_path / "empty").mkdir()
    return tmp_path


def run(clone: Path, ci: str) -> str:
    environment = {**os.environ, "PATH": str(clone / "empty"), "CI": ci}
    command = [sys.executable, "-m", "pytest", "-rs", "-p", "no:cacheprovider", "-p", "no:xdist", str(clone / "tests")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, cwd=clone).stdout


def test_a_test_without_its_program_is_skipped_and_says_how_to_install_it(clone):
    shown = run(clone, "")
    assert "1 skipped" in shown
    assert "'node' is not installed. Run: apt-get install nodejs" in shown


def test_in_ci_a_test_without_its_program_fails(clone):
    shown = run(clone, "true")
    assert "1 failed" in shown
    assert "'node' is not installed. Run: apt-get install nodejs" in shown


@pytest.mark.skipif(sys.platform == "win32", reason="make and sh are not for Windows")
def test_who_is_not_root_is_told_what_is_missing_and_the_one_command(clone):
    programs = clone / "empty"
    for name in ("sh", "dirname"):
        (programs / name).symlink_to(shutil.which(name) or name)
    (programs / "id").write_text("#!/bin/sh\necho 1000\n")
    (programs / "id").chmod(0o755)
    result = subprocess.run(
        [str(clone / ".ci" / "programs")], env={"PATH": str(programs)}, capture_output=True, text=True, check=True
    )
    assert "node is missing: formulas printed as JavaScript, the Office.js add-in\n" in result.stdout
    assert result.stdout.endswith(
        "Their tests are skipped. To run them: "
        "sudo apt-get install libreoffice-calc-nogui gnumeric poppler-utils nodejs npm chromium systemd git\n"
    )
