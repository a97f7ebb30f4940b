"""Google Sheets on this machine, for tests of what reads and writes spreadsheets.

`Emulator` answers as Google does, over spreadsheets in memory, and knows 501 for what it does not know. `serving` puts
it behind real HTTP and TLS, so that an unmodified process with a real client talks to it.
"""

from __future__ import annotations

from kpicore.testing.sheets.discovery import AnswerNotGoogles
from kpicore.testing.sheets.emulator import ACCOUNT, Emulator, LoggedRequest
from kpicore.testing.sheets.faults import FAULTS, ConnectionDropped
from kpicore.testing.sheets.serving import Rig, serving
from kpicore.testing.sheets.tokens import TOKEN_REFUSALS
from kpicore.testing.sheets.user import SheetUser

__all__ = [
    "ACCOUNT",
    "FAULTS",
    "TOKEN_REFUSALS",
    "AnswerNotGoogles",
    "ConnectionDropped",
    "Emulator",
    "LoggedRequest",
    "Rig",
    "SheetUser",
    "serving",
]
