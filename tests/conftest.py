"""What all tests share: programs that may be missing, and the real data beside the repository."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

DEBIAN = {
    "soffice": "libreoffice-calc-nogui",
    "pdftoppm": "poppler-utils",
    "pdftotext": "poppler-utils",
    "node": "nodejs",
    "git": "git",
    "tmux": "tmux",
}
"""Programs that a suite may need, and the Debian package that brings each."""


@pytest.fixture
def program() -> Callable[[str], str]:
    """Give a function that returns the path of a program, or skips naming the command that installs it.

    With CI=true a missing program is a failure: there nothing may be skipped for it.
    """

    def path(name: str) -> str:
        found = shutil.which(name)
        if found:
            return found
        told = f"'{name}' is not installed. Run: apt-get install {DEBIAN.get(name, name)}"
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        pytest.skip(told)

    return path


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Give the folder of real data beside the repository (or KPICORE_SHARED_DATA), or skip."""
    folder = Path(os.environ.get("KPICORE_SHARED_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"the real data is not here: {folder}")
    return folder


@pytest.fixture(scope="session")
def root() -> Path:
    """Give the root folder of the repository."""
    return ROOT
