"""Google Sheets on this machine, for each test anew."""

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
