"""What may stand in the repository's files."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXTS = {".py", ".md", ".toml", ".txt", ".html", ".js", ".xml", ".bas", ""}
LONGEST = 400


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """Give the files that are, or would be, committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        shown = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("this is no git clone")
    return [ROOT / each for each in shown.split("\0") if each and (ROOT / each).is_file()]


def test_no_module_is_longer_than_400_lines(files):
    lengths = {
        str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in files if file.suffix == ".py"
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_nothing_names_the_folders_of_a_machine_or_a_private_registry(files):
    # Spelt in parts, so that this file passes its own rule.
    forbidden = re.compile(
        "|".join(
            [
                "/" + "work/",
                "/" + "home/" + r"\w+/",
                "/" + "Users/" + r"\w+/",
                "--index" + "-url",
                "--extra-index" + "-url",
                r"pypi\.o" + "rg",
                "pythonhost" + "ed",
            ]
        )
    )
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()}"
        for file in files
        if file.suffix in TEXTS
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="ignore").splitlines(), 1)
        if forbidden.search(line)
    ]
    assert found == []


def test_no_lock_file_of_uv_is_committed(files):
    assert "uv.lock" not in {file.name for file in files}


def test_nothing_is_left_to_do_later(files):
    later = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    assert [file for file in files if file.suffix == ".py" and later.search(file.read_text(encoding="utf-8"))] == []


def test_every_program_that_a_test_asks_for_is_in_the_list(files):
    listed = {line.split()[0] for line in (ROOT / ".ci" / "programs.txt").read_text().splitlines() if line[:1] != "#"}
    asked = {
        name
        for file in files
        if file.is_relative_to(ROOT / "tests") and file.suffix == ".py"
        for name in re.findall(r"\bprogram\(\"([\w.-]+)\"\)", file.read_text(encoding="utf-8"))
    }
    assert asked <= listed
