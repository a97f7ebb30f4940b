"""Google Sheets on this machine, for tests of what reads and writes spreadsheets.

`Emulator` answers as Google does, over spreadsheets in memory, and says 501 to what it does not know. A test gives it
a spreadsheet, works in that as people do, and asks it as a program would:

>>> import json
>>> emulator = Emulator()
>>> sheet = emulator.add("1AbC", {"KPIs": (100, 5)})
>>> user = emulator.user("1AbC")
>>> user.type("KPIs", "B2", "here")
>>> user.insert_rows("KPIs", before=1)
>>> status, headers, body = emulator.handle("GET", "/v4/spreadsheets/1AbC/values/KPIs!B3", {}, b"")
>>> status, json.loads(body)["values"]
(200, [['here']])

What goes wrong at Google goes wrong here when a test asks for it, once for each name in `emulator.faults`:

>>> emulator.faults.append("503_after")
>>> body = b'{"requests": [{"addSheet": {"properties": {"title": "New"}}}]}'
>>> emulator.handle("POST", "/v4/spreadsheets/1AbC:batchUpdate", {}, body)[0]
503
>>> [tab.title for tab in emulator.spreadsheets["1AbC"].tabs]
['KPIs', 'New']

`serving` puts it behind real HTTP and TLS, so that an unmodified program with a real client talks to it::

    def test_my_program_writes_its_table(tmp_path):
        emulator = Emulator()
        emulator.add("1AbC", {"KPIs": (100, 5)})
        with serving(emulator, tmp_path) as rig:
            subprocess.run(["my-program", "1AbC"], env={**os.environ, **rig.environment}, check=True)
        assert emulator.user("1AbC").value("KPIs", "B2") == "here"

Each request and each answer is checked against Google's own description of its API: who uses it installs
google-api-python-client and jsonschema-rs, and for `serving` cryptography. What was recorded of Google is answered
equally, docs/sheets-recordings.md shows how much that is. All else follows Google's documentation and was never seen
there: developer metadata, moved rows, pasted cells, charts, conditional formats, each refusal but two. Of formulas only
arithmetic and plain references are computed, and none is rewritten when the cells move that it names.
"""

from __future__ import annotations

from kpicore.testing.sheets.cells import EmulatedCell
from kpicore.testing.sheets.discovery import AnswerNotGoogles
from kpicore.testing.sheets.emulator import ACCOUNT, Emulator, LoggedRequest
from kpicore.testing.sheets.faults import FAULTS, ConnectionDropped, Fault
from kpicore.testing.sheets.refusals import GoogleRefusal
from kpicore.testing.sheets.serving import Rig, serving
from kpicore.testing.sheets.spreadsheet import EmulatedSpreadsheet
from kpicore.testing.sheets.tab import EmulatedTab
from kpicore.testing.sheets.tokens import TOKEN_REFUSALS, TokenEndpoint
from kpicore.testing.sheets.user import SheetUser

__all__ = [
    "ACCOUNT",
    "FAULTS",
    "TOKEN_REFUSALS",
    "AnswerNotGoogles",
    "ConnectionDropped",
    "EmulatedCell",
    "EmulatedSpreadsheet",
    "EmulatedTab",
    "Emulator",
    "Fault",
    "GoogleRefusal",
    "LoggedRequest",
    "Rig",
    "SheetUser",
    "TokenEndpoint",
    "serving",
]
