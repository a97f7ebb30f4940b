"""Google's side of the script for tests: a spreadsheet under node, whose requests the test answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kpicore import Cells, answer_json
from kpicore_sheets.script.keys import row_check
from tests.excel.officejs.excel import Script

HOST = Path(__file__).with_name("host.js")
SERVER = "https://kpi.example.com"
TOKEN = "kpi_token"
SPREADSHEET = "spreadsheet-of-ann"
"""Its id, unless a test gives it another."""
STAMP = "kpi 0123456789abcdef"

Reply = tuple[int, str]
"""Status and body; a status of 0 is a server that cannot be reached."""


@dataclass(frozen=True, slots=True)
class Fetch:
    """What the script asked."""

    url: str
    method: str
    headers: Mapping[str, str]
    payload: str | None

    @property
    def calls(self) -> list[Any]:
        """The calls that it asked, [name, arguments] each."""
        calls: list[Any] = json.loads(self.payload or '{"calls": []}')["calls"]
        return calls


class Spreadsheet(Script):
    """A spreadsheet with the script; each call of a function is a run of its own, as at Google."""

    def __init__(self, node: str, code: str, reply: Callable[[Fetch], Reply]) -> None:
        super().__init__(node, str(HOST))
        self.reply = reply
        self.fetches: list[Fetch] = []
        self.functions: list[str] = self.do("open", code=code)
        self.set(properties={"token": TOKEN}, tabs={"KPIs": {"values": [[""]]}})

    def do(self, order: str, **given: Any) -> Any:
        """Give an order and return its answer, answering what the script fetches meanwhile."""
        assert self._process.stdin is not None and self._process.stdout is not None
        message: dict[str, Any] = {"do": order, **given}
        while True:
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()
            answer = json.loads(self._process.stdout.readline())
            if "fetch" not in answer:
                assert "done" in answer, answer
                return answer["done"]
            fetch = Fetch(**answer["fetch"])
            self.fetches.append(fetch)
            status, body = self.reply(fetch)
            message = {"status": status, "body": body}

    def set(self, **world: Any) -> None:
        """Lay out the spreadsheet: `tabs` with `values` and `formulas`, `names`, `properties`, `cache`, `zone`."""
        self.do("set", world=world)

    def fill(self, values: Sequence[Sequence[Any]], formulas: Mapping[str, str] | None = None, **tabs: Any) -> None:
        """Fill the tab KPIs, whose formulas are by "row,column", and the `tabs` beside it."""
        self.set(tabs={"KPIs": {"values": values, "formulas": formulas or {}}, **tabs})

    def cell(self, name: str, *args: Any) -> Any:
        """Return what a cell shows. Raises AssertionError for what the function throws."""
        [result] = self.do("calls", calls=[[name, list(args)]])["results"]
        assert "value" in result, result
        return result["value"]

    def thrown(self, name: str, *args: Any) -> str:
        """Return the message of what the function throws."""
        [result] = self.do("calls", calls=[[name, list(args)]])["results"]
        message: str = result["thrown"]
        return message

    def choose(self, name: str, *answers: str | None) -> Any:
        """Choose an item of the menu and answer what it asks: {"told", "shown", "thrown"}."""
        return self.do("choose", name=name, answers=list(answers))


def answers_tab(*rows: tuple[str, str], stamp: object = STAMP, kind: str = "kpi") -> dict[str, Any]:
    """Return the hidden tab with rows of a key and a result, both as text."""
    checked = [[*row, row_check(SPREADSHEET, *row)] for row in rows]
    return {"values": [[kind, stamp, "2025-07-15 12:00 UTC"], *checked]}


def served(cells: Cells) -> Callable[[Fetch], Reply]:
    """Return what `kpi serve` would reply for a workspace."""

    def reply(fetch: Fetch) -> Reply:
        if fetch.headers["Authorization"] != f"Bearer {TOKEN}":
            return 401, json.dumps({"refused": "This token is not valid."})
        if fetch.url == f"{SERVER}/v1/stamp":
            return 200, json.dumps({"stamp": cells.stamp()})
        assert fetch.url == f"{SERVER}/v1/cells"
        return 200, json.dumps(answer_json(cells, json.loads(fetch.payload or "")))

    return reply
