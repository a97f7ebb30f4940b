"""Google Sheets in memory, for tests of what writes to it."""

from __future__ import annotations

from kpicore.testing.sheets.emulator import Emulator

__all__ = ["Emulator"]
