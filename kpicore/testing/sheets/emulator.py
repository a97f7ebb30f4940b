"""The emulator: what Google Sheets answers to a request, over a model of spreadsheets in memory."""

from __future__ import annotations

import json
import random
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from kpicore.testing.sheets import values
from kpicore.testing.sheets.batches import apply_batch
from kpicore.testing.sheets.cells import Json
from kpicore.testing.sheets.defaults import spreadsheet_properties
from kpicore.testing.sheets.editing import Editing
from kpicore.testing.sheets.field_mask import mask_of, selected
from kpicore.testing.sheets.reading import read
from kpicore.testing.sheets.refusals import GoogleRefusal, unknown
from kpicore.testing.sheets.spreadsheet import EmulatedSpreadsheet
from kpicore.testing.sheets.tab import EmulatedTab

HttpAnswer = tuple[int, dict[str, str], bytes]
ACCOUNT = "kpi-sync@kpi-emulator.iam.gserviceaccount.com"
"""The service account that asks."""


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request as it came, and the status of its answer."""

    method: str
    path: str
    body: bytes
    status: int


class Emulator:
    """Spreadsheets in memory, and what Google would answer about them."""

    def __init__(
        self, *, ids: Iterator[int] | None = None, strict_deletes: bool = False, account: str = ACCOUNT
    ) -> None:
        self.spreadsheets: dict[str, EmulatedSpreadsheet] = {}
        self.account = account
        self.strict_deletes = strict_deletes
        self.ids = ids or _chosen_ids()
        self.faults: deque[str] = deque()
        self.before_write: Callable[[], object] | None = None
        self.log: list[LoggedRequest] = []

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
            EmulatedTab(0 if not index else next(self.ids), name, rows, columns)
            for index, (name, (rows, columns)) in enumerate(sizes.items())
        ]
        role = ("writer" if shared else "") if isinstance(shared, bool) else shared
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        spreadsheet = EmulatedSpreadsheet(
            spreadsheet_id, spreadsheet_properties(title or spreadsheet_id), made, role, created=now, modified=now
        )
        self.spreadsheets[spreadsheet_id] = spreadsheet
        return spreadsheet

    def handle(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> HttpAnswer:
        """Return the answer to a request: status, headers, body. `path` has the query, and no host."""
        try:
            content: object = self._answer(method, path, body)
            status, sent = 200, json.dumps(content, ensure_ascii=False).encode()
        except GoogleRefusal as refusal:
            status, sent = refusal.code, refusal.body()
        self.log.append(LoggedRequest(method, path, body, status))
        return status, {"Content-Type": "application/json; charset=UTF-8"}, sent

    def _answer(self, method: str, path: str, body: bytes) -> Json:
        parts = urlsplit(path)
        query = parse_qs(parts.query, keep_blank_values=True)
        given = without_nulls(json.loads(body)) if body else {}
        answer = self._routed(method, parts.path, query, given)
        mask = values.one(query, "fields")
        return selected(answer, mask_of(mask)) if mask else answer

    def _routed(self, method: str, path: str, query: values.Query, body: Json) -> Json:
        match = re.fullmatch(r"/v4/spreadsheets/([^/:]+)(/values(?:/(.+?))?)?(?::([A-Za-z]+))?", path)
        if not match:
            raise unknown(f"{method} {path}")
        spreadsheet = self._spreadsheet(unquote(match[1]))
        range_, action = unquote(match[3] or ""), match[4] or ""
        if match[2]:
            return self._values(spreadsheet, method, range_, action, query, body)
        if (method, action) == ("GET", ""):
            return self._get(spreadsheet, query)
        if (method, action) == ("POST", "batchUpdate"):
            self._writing(spreadsheet)
            return apply_batch(spreadsheet, body, self.ids, account=self.account, strict_deletes=self.strict_deletes)
        raise unknown(f"{method} {path}")

    def _get(self, spreadsheet: EmulatedSpreadsheet, query: values.Query) -> Json:
        mask = mask_of(values.one(query, "fields"))
        with_cells = values.one(query, "includeGridData").lower() == "true"
        return read(spreadsheet, self.account, mask, query.get("ranges", ()), grid_data=with_cells)

    def _values(
        self,
        spreadsheet: EmulatedSpreadsheet,
        method: str,
        range_: str,
        action: str,
        query: values.Query,
        body: Json,
    ) -> Json:
        if method == "GET":
            if range_ and not action:
                return values.get(spreadsheet, range_, query)
            if action == "batchGet" and not range_:
                return values.batch_get(spreadsheet, query)
        changes: dict[tuple[str, str], Callable[[Editing], Json]] = {
            ("PUT", ""): lambda editing: values.update(editing, range_, body, query),
            ("POST", "append"): lambda editing: values.append(editing, range_, body, query),
            ("POST", "clear"): lambda editing: values.clear(editing, range_),
            ("POST", "batchClear"): lambda editing: values.batch_clear(editing, body),
            ("POST", "batchUpdate"): lambda editing: values.batch_update(editing, body),
        }
        change = changes.get((method, action))
        if change is None:
            raise unknown(f"{method} of values {action}")
        self._writing(spreadsheet)
        draft = spreadsheet.draft()
        answer = change(Editing(draft, self.ids, self.account, self.strict_deletes))
        spreadsheet.take(draft)
        return answer

    def _spreadsheet(self, id: str) -> EmulatedSpreadsheet:
        spreadsheet = self.spreadsheets.get(id)
        if spreadsheet is None:
            raise GoogleRefusal("Requested entity was not found.", 404)
        if not spreadsheet.shared:
            raise GoogleRefusal("The caller does not have permission", 403)
        return spreadsheet

    def _writing(self, spreadsheet: EmulatedSpreadsheet) -> None:
        if spreadsheet.shared != "writer":
            raise GoogleRefusal("The caller does not have permission", 403)
        if self.before_write:
            self.before_write()


def without_nulls(value: Any) -> Any:
    """Return JSON without fields that are null, which Google reads as not there; a null in a list of values stays."""
    if isinstance(value, dict):
        return {name: without_nulls(item) for name, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def _chosen_ids() -> Iterator[int]:
    """Yield ids as Google's look, the same in each run."""
    source = random.Random(20260725)
    while True:
        yield source.randrange(100_000_000, 2_100_000_000)
