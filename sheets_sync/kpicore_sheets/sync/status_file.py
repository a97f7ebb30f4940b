"""`sheets-status.json` beside kpi.toml: when each table was tried and written last, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kpicore import changing, harmless, write_whole
from kpicore_sheets.sync.outcome import FAILED, REFUSED, UNCHANGED, WRITTEN, TableOutcome

FILE = "sheets-status.json"
_FORMAT = "kpicore sheets status 1"
_STATES = (WRITTEN, UNCHANGED, REFUSED, FAILED)
_LONGEST = 1_000
"""Characters of a line that is kept."""
_LARGEST = 8_000_000
"""Bytes of a file that may be ours: some thousands of tables."""


@dataclass(frozen=True, slots=True)
class TableStatus:
    """How a table does. `last_success` is None until it was written, or was as it should be; moments are in UTC.

    The rest is of the last try: its status, rows, requests, its message or its error, one line each, and of the
    table its place, and what stands for what it shows, where these are known.
    """

    name: str
    last_try: datetime
    last_success: datetime | None
    status: str
    rows: int = 0
    requests: int = 0
    message: str = ""
    error: str = ""
    place: str = ""
    content: str = ""


def _nobody(line: str) -> None:
    """Hear a line that nobody wants."""


class StatusFile:
    """What is kept of the tables of a workspace. A file that is not ours is told in one line, and replaced."""

    def __init__(self, folder: Path, tell: Callable[[str], None] = _nobody) -> None:
        self._file, self._tell = Path(folder) / FILE, tell

    def read(self) -> Mapping[str, TableStatus]:
        """Return what is kept of each table, by name; nothing where there is no file of ours."""
        try:
            return self._read()
        except FileNotFoundError:
            return {}
        except OSError as error:
            self._tell(f"{self._file}: it cannot be read ({error.strerror or error}).")
        # what a foreign file makes Python stumble over, a list that is nested a thousand times included
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
            self._tell(f"{self._file}: it is not as `kpi sheets` writes it. The next run replaces it.")
        return {}

    def record(self, outcomes: Iterable[TableOutcome], now: datetime) -> None:
        """Keep what a run came to; other tables stay as they are. Raises: KpiError when it cannot be written."""
        with changing(self._file):
            kept = dict(self.read())
            for outcome in outcomes:
                kept[outcome.name] = _status(outcome, kept.get(outcome.name), now)
            tables = {name: _written(kept[name]) for name in sorted(kept)}
            text = json.dumps({"format": _FORMAT, "tables": tables}, ensure_ascii=False, indent=1)
            write_whole(self._file, f"{text}\n")

    def _read(self) -> Mapping[str, TableStatus]:
        if self._file.stat().st_size > _LARGEST:
            raise ValueError
        document = json.loads(self._file.read_text(encoding="utf-8"))
        if document["format"] != _FORMAT:
            raise ValueError
        return {name: _table_status(name, table) for name, table in document["tables"].items()}


def _status(outcome: TableOutcome, before: TableStatus | None, now: datetime) -> TableStatus:
    success = now if outcome.is_well else before.last_success if before else None
    return TableStatus(
        name=outcome.name,
        last_try=now,
        last_success=success,
        status=outcome.status,
        rows=outcome.rows,
        requests=outcome.requests,
        message=_line(outcome.message),
        error=_line(outcome.error),
        place=outcome.place or (before.place if before else ""),
        content=outcome.content or (before.content if before else ""),
    )


def _line(text: str) -> str:
    return harmless(text, _LONGEST)


def _written(status: TableStatus) -> dict[str, Any]:
    return {
        "last_try": _text(status.last_try),
        "last_success": _text(status.last_success) if status.last_success else None,
        "status": status.status,
        "rows": status.rows,
        "requests": status.requests,
        "message": status.message,
        "error": status.error,
        "place": status.place,
        "content": status.content,
    }


def _table_status(name: str, table: Mapping[str, Any]) -> TableStatus:
    """Return what an entry says. Raises ValueError, KeyError, TypeError and AttributeError for one that is not ours."""
    if table["status"] not in _STATES:
        raise ValueError
    return TableStatus(
        name=harmless(name),
        last_try=_moment(table["last_try"]),
        last_success=None if table["last_success"] is None else _moment(table["last_success"]),
        status=table["status"],
        rows=_count(table["rows"]),
        requests=_count(table["requests"]),
        message=_line(_said(table["message"])),
        error=_line(_said(table["error"])),
        place=_said(table.get("place", "")),
        content=_said(table.get("content", "")),
    )


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(UTC)


def _count(number: object) -> int:
    if type(number) is not int or number < 0:
        raise ValueError
    return number


def _said(text: object) -> str:
    if not isinstance(text, str):
        raise ValueError
    return text
