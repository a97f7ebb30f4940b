"""Google Sheets on this machine: for each test anew, or over TLS once for the tests of a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kpicore.testing.sheets import Emulator, Rig, serving

SPREADSHEET = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfG"


@pytest.fixture
def emulator() -> Emulator:
    """Give an emulator with one spreadsheet, whose tab KPIs has 20 rows and 8 columns."""
    emulator = Emulator()
    emulator.add(SPREADSHEET, {"KPIs": (20, 8)})
    return emulator


@pytest.fixture
def rig(emulator: Emulator, tmp_path: Path) -> Iterator[Rig]:
    """Give the same over HTTP and TLS, as `rig.environment` reaches it."""
    folder = tmp_path / "google"
    folder.mkdir()
    with serving(emulator, folder) as rig:
        yield rig


@pytest.fixture(scope="module")
def served_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """Give an empty emulator over HTTP and TLS; to make its keys takes a while."""
    with serving(Emulator(), tmp_path_factory.mktemp("google")) as rig:
        yield rig


@pytest.fixture
def served(served_once: Rig, monkeypatch: pytest.MonkeyPatch) -> Rig:
    """Give it with nothing that goes wrong, as this process takes it for Google."""
    for name, value in served_once.environment.items():
        monkeypatch.setenv(name, value)
    served_once.emulator.faults.clear()
    served_once.emulator.log.clear()
    return served_once
