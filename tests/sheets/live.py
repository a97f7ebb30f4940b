"""`make sheets-live`: what was never seen at Google, tried with a spreadsheet of yours; writes docs/sheets-live.

Make an empty spreadsheet, share it with your service account as Editor, and name both:

    make sheets-live SPREADSHEET=https://docs.google.com/… CREDENTIALS=key.json

A tab "kpicore live" is made in it and deleted again; nothing else is touched. With QUOTA=1 it asks until Google says
that the quota of a minute is full. The protocol holds no ids, addresses or secrets, and is made to be committed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from requests import Response, Session

from kpicore import Config, KpiError, MachineClock
from kpicore_sheets.addresses import spreadsheet_address
from kpicore_sheets.google.client import GoogleSheets
from kpicore_sheets.google.credentials import login
from kpicore_sheets.google.transport import OneHostSession
from kpicore_sheets.port import BatchRefused, Busy, Denied, Spreadsheets
from tests.sheets.live_steps import STEPS
from tests.sheets.live_tab import Finding, LiveTab

FOLDER = Path(__file__).parents[2] / "docs" / "sheets-live"
_MOST_READS = 400
"""More than the 300 that a project may read in a minute."""


class Refusals:
    """Keeps which fields refusals had, as they came. `session` is what the client is given."""

    def __init__(self, session: Callable[[], Session] = OneHostSession) -> None:
        self._session, self.seen = session, list[str]()

    def session(self) -> Session:
        """Return a session whose refusals are kept."""
        made = self._session()
        made.hooks["response"].append(self._keep)
        return made

    def _keep(self, response: Response, *_: Any, **__: Any) -> None:
        if response.status_code >= 400:
            self.seen.append(fields_of(response.status_code, response.content, response.headers.get("Retry-After")))


def fields_of(http: int, body: bytes, retry_after: str | None) -> str:
    """Return the fields of a refusal, with the values of those that hold nobody's ids."""
    try:
        error = json.loads(body)["error"]
    except (ValueError, KeyError, TypeError):
        return f"HTTP {http}, no JSON error"
    details = [detail for detail in error.get("details", []) if isinstance(detail, dict)]
    reasons = [detail.get("reason") for detail in details]
    metadata = {key: value for detail in details for key, value in detail.get("metadata", {}).items()}
    kept = {key: metadata[key] for key in ("quota_limit", "quota_unit", "quota_metric") if key in metadata}
    parts = [f"HTTP {http}, status {error.get('status')}, reasons {reasons}, metadata {sorted(metadata)} {kept}"]
    return "".join([*parts, f", Retry-After {retry_after}" if retry_after else ""])


def refusals(google: Spreadsheets, spreadsheet: str, seen: list[str], *, quota: bool) -> Iterator[Finding]:
    """What refusals hold in their fields."""
    tries: list[tuple[str, Callable[[], object]]] = [
        ("an invalid batch has HTTP 400", lambda: google.batch_update(spreadsheet, b'{"requests": []}')),
        ("a range that is none has HTTP 400", lambda: google.get(spreadsheet, "spreadsheetId", ["'no such tab'!A1"])),
        ("a wrong id has HTTP 404", lambda: google.get("0" * 44, "spreadsheetId")),
    ]
    for built_on, ask in tries:
        told = _refusal(ask, seen)
        yield Finding(built_on, told, built_on.split()[-1] in told)
    if quota:
        told = _full(google, spreadsheet, seen)
        yield Finding(
            "a full quota has HTTP 429 and the reason RATE_LIMIT_EXCEEDED", told, "RATE_LIMIT_EXCEEDED" in told
        )


def _refusal(ask: Callable[[], object], seen: list[str]) -> str:
    del seen[:]
    try:
        ask()
    except (BatchRefused, Denied, Busy):
        return seen[-1] if seen else "no answer"
    return "not refused"


def _full(google: Spreadsheets, spreadsheet: str, seen: list[str]) -> str:
    """Read until the quota is full, and return the refusal; the client itself waits until it is not."""
    del seen[:]
    for _ in range(_MOST_READS):
        google.get(spreadsheet, "spreadsheetId")
        if seen:
            return seen[0]
    return "never full"


def protocol(google: Spreadsheets, spreadsheet: str, seen: list[str], day: date, *, quota: bool = False) -> str:
    """Return what was found, as Markdown."""
    parts = [f"# What was seen at Google on {day}\n\nWritten by `make sheets-live`.\n"]
    with LiveTab(google, spreadsheet).open() as tab:
        parts += [_table((step.__doc__ or "").strip(), _found(step(tab))) for step in STEPS]
    parts.append(_table("What refusals hold in their fields.", refusals(google, spreadsheet, seen, quota=quota)))
    return "\n".join(parts)


def _found(findings: Iterator[Finding]) -> Iterator[Finding]:
    """Yield findings, with one more where a step breaks off: the other steps are tried all the same."""
    try:
        yield from findings
    except KpiError as error:
        yield Finding("the step can be tried to its end", type(error).__name__, False)
    except (KeyError, IndexError, StopIteration) as error:
        yield Finding("the answer has the fields that we read", repr(error), False)


def _table(title: str, findings: Iterator[Finding]) -> str:
    words = {True: "yes", False: "**no**", None: "–"}
    rows = [f"| {found.built_on} | {found.seen} | {words[found.holds]} |\n" for found in findings]
    return "".join([f"## {title.rstrip('.')}\n\n| built on | seen | holds |\n|---|---|---|\n", *rows])


def main(arguments: Sequence[str]) -> int:
    """Try it with the spreadsheet and the credentials that are named; return 1 where something does not hold."""
    spreadsheet, credentials, quota = (*arguments, "", "", "")[:3]
    if not spreadsheet:
        sys.exit(__doc__)
    kept = Refusals()
    named = {"sheets": ({"credentials": credentials},)} if credentials else {}
    who = login(Config(Path.cwd(), "live", plugin_tables=named))
    google = GoogleSheets(who, MachineClock(), session=kept.session)
    found = protocol(google, spreadsheet_address(spreadsheet).spreadsheet, kept.seen, date.today(), quota=bool(quota))
    FOLDER.mkdir(exist_ok=True)
    file = FOLDER / f"{date.today()}.md"
    file.write_text(found, encoding="utf-8")
    print(f"Wrote {file}")
    return 1 if "**no**" in found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
