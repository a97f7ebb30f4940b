"""What all tests share: programs that may be missing, and the real data beside the repository."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.loops import SOAK

ROOT = Path(__file__).parents[1]

# No test asserts a time, and each run tries the same cases: what was green stays green. `make soak` tries others.
settings.register_profile(
    "house",
    settings(),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=not SOAK,
    database=None,
)
settings.load_profile("house")


def how_to_install() -> dict[str, str]:
    """Return the programs that a test may need, each with the command that brings it."""
    lines = (ROOT / ".ci" / "programs.txt").read_text(encoding="utf-8").splitlines()
    parts = [line.split(maxsplit=2) for line in lines if line.strip() and not line.startswith("#")]
    return {
        program: f"uv tool install {package.removeprefix('uv:')}"
        if package.startswith("uv:")
        else f"apt-get install {package}"
        for program, package, _ in parts
    }


@pytest.fixture
def program() -> Callable[[str], str]:
    """Give a function that returns the path of a program, or skips naming the command that installs it.

    With CI=true a missing program is a failure: there nothing may be skipped for it.
    """

    def path(name: str) -> str:
        found = shutil.which(name)
        if found:
            return found
        told = f"'{name}' is not installed. Run: {how_to_install()[name]}"
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
