"""The emulator: what Google Sheets answers to a request, over spreadsheets in memory."""

from __future__ import annotations

import json
import random
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from kpicore.testing.sheets import drive
from kpicore.testing.sheets.cells import Json
from kpicore.testing.sheets.defaults import spreadsheet_properties
from kpicore.testing.sheets.discovery import discovery
from kpicore.testing.sheets.faults import FAULTS, HttpAnswer, check_fault, spoiled
from kpicore.testing.sheets.refusals import GoogleRefusal
from kpicore.testing.sheets.routes import ApiRequest, answer_to
from kpicore.testing.sheets.spreadsheet import EmulatedSpreadsheet
from kpicore.testing.sheets.tab import EmulatedTab
from kpicore.testing.sheets.user import SheetUser
from kpicore.turns import TurnLock
from kpicore.utils.clock import Clock, MachineClock

ACCOUNT = "kpi-sync@kpi-emulator.iam.gserviceaccount.com"
"""The service account that asks."""


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request as it came, and the status of its answer: 0 when none arrived."""

    method: str
    path: str
    body: bytes
    status: int


class Emulator:
    """Spreadsheets in memory, and what Google would answer about them.

    `check` compares each request and answer with Google's own description. `ids` and `file_ids` give the ids of new
    things and of new spreadsheets, `clock` the time. With `strict_deletes` a deletion of developer metadata that
    selects none is refused: which of both Google does was never seen. `requests_a_minute` is
    how many are answered, by the clock; 0 is no limit.
    """

    def __init__(
        self,
        *,
        check: bool = True,
        ids: Iterator[int] | None = None,
        file_ids: Iterator[str] | None = None,
        clock: Clock | None = None,
        strict_deletes: bool = False,
        account: str = ACCOUNT,
        requests_a_minute: int = 0,
    ) -> None:
        self.spreadsheets: dict[str, EmulatedSpreadsheet] = {}
        self.account = account
        self.strict_deletes = strict_deletes
        self.ids = ids or _made_up_ids()
        self.file_ids = file_ids or drive.file_ids()
        self.clock = clock or MachineClock()
        self.faults: deque[str] = deque()
        """What goes wrong with the next requests, one by one, by the names in `FAULTS`; "" for one that goes well."""
        self.before_write: Callable[[], object] | None = None
        """Called before each change: a user, or a second program, who acts between a read and a write."""
        self.log: list[LoggedRequest] = []
        self.mistakes: list[str] = []
        """Requests that Google's description does not allow. They are answered with 400."""
        self._discovery = discovery() if check else None
        self._lock = TurnLock()
        self._most = requests_a_minute
        self._recent: deque[float] = deque()
        self._others_act = False

    def add(
        self,
        spreadsheet_id: str,
        tabs: Mapping[str, tuple[int, int]] | None = None,
        *,
        shared: bool | str = True,
        title: str = "",
    ) -> EmulatedSpreadsheet:
        """Add a spreadsheet with tabs of so many rows and columns: `add("1AbC", {"KPIs": (1000, 26)})`.

        `shared` is True or "writer", "reader", or False: then the account may not even look at it.
        """
        sizes = tabs or {"Sheet1": (1000, 26)}
        made = [
            EmulatedTab(next(self.ids) if index else 0, name, rows, columns)
            for index, (name, (rows, columns)) in enumerate(sizes.items())
        ]
        role = ("writer" if shared else "") if isinstance(shared, bool) else shared
        properties = spreadsheet_properties(title or spreadsheet_id)
        now = self._now()
        spreadsheet = EmulatedSpreadsheet(spreadsheet_id, properties, made, role, created=now, modified=now)
        self.spreadsheets[spreadsheet_id] = spreadsheet
        return spreadsheet

    def user(self, spreadsheet_id: str) -> SheetUser:
        """Return somebody who works in a spreadsheet by hand: its owner."""
        return SheetUser(self.spreadsheets[spreadsheet_id], self.ids, self._lock)

    def handle(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> HttpAnswer:
        """Return the answer to a request: status, headers, body. `path` has the query, and no host.

        Raises ConnectionDropped when a fault asks for it, and AnswerNotGoogles for a mistake of the emulator.
        """
        with self._lock:
            # who acts in between is not disturbed by faults that are meant for the program under test
            fault = "" if self._others_act else self._next_fault()
            answer: HttpAnswer = (0, {}, b"")
            status = 0
            try:
                if not fault or FAULTS[fault].applied:
                    answer = self._answered(method, path, body)
                answer = spoiled(fault, answer) if fault else answer
                status = answer[0]
                return answer
            finally:
                self.log.append(LoggedRequest(method, path, body, status))

    def _next_fault(self) -> str:
        fault = self.faults.popleft() if self.faults else ""
        check_fault(fault)
        return fault or ("429" if self._too_many() else "")

    def _too_many(self) -> bool:
        if not self._most:
            return False
        now = self.clock.now().timestamp()
        while self._recent and self._recent[0] <= now - 60:
            self._recent.popleft()
        if len(self._recent) >= self._most:
            return True
        self._recent.append(now)
        return False

    def _answered(self, method: str, path: str, body: bytes) -> HttpAnswer:
        headers = {"Content-Type": "application/json; charset=UTF-8"}
        try:
            content = answer_to(self._api_request(method, path, body))
        except GoogleRefusal as refusal:
            return refusal.code, headers, refusal.body()
        if content is None:
            return 204, {}, b""
        if self._discovery:
            self._discovery.check_answer(method, path, content)
        return 200, headers, json.dumps(content, ensure_ascii=False).encode()

    def _api_request(self, method: str, path: str, body: bytes) -> ApiRequest:
        given = _json(body)
        if self._discovery:
            problem = self._discovery.request_problem(method, path, given)
            if problem:
                self.mistakes.append(f"{method} {path}: {problem}")
                raise GoogleRefusal(problem)
        parts = urlsplit(path)
        return ApiRequest(
            method,
            parts.path,
            parse_qs(parts.query, keep_blank_values=True),
            given,
            self.spreadsheets,
            self.ids,
            self.file_ids,
            self.account,
            self.strict_deletes,
            self._now,
            self._let_others_act,
        )

    def _let_others_act(self) -> None:
        if self.before_write is None or self._others_act:
            return
        self._others_act = True
        try:
            self.before_write()
        finally:
            self._others_act = False

    def _now(self) -> str:
        return self.clock.now().strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _json(body: bytes) -> Json:
    """Return a body without the fields that are null, which Google reads as not there. Raises GoogleRefusal."""
    if not body.strip():
        return {}
    try:
        given = json.loads(body)
    except ValueError:
        raise GoogleRefusal("Invalid JSON payload received. Unexpected token.") from None
    if not isinstance(given, dict):
        raise GoogleRefusal("Invalid JSON payload received. An object was expected.")
    return _without_nulls(given) if b"null" in body else given


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(item) for name, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


def _made_up_ids() -> Iterator[int]:
    """Yield ids that look as Google's do, the same in each run."""
    source = random.Random(20260725)
    while True:
        yield source.randrange(100_000_000, 2_100_000_000)
