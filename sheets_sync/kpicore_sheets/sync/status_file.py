"""`sheets-status.json` beside kpi.toml: when each table was tried and written last, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kpicore import changing, harmless, write_whole
from kpicore_sheets.addresses import spreadsheet_link
from kpicore_sheets.sync.outcome import FAILED, REFUSED, UNCHANGED, WRITTEN, TableOutcome
from kpicore_sheets.sync.ownership import with_begun

FILE = "sheets-status.json"
_FORMAT = "kpicore sheets status 1"
_STATES = (WRITTEN, UNCHANGED, REFUSED, FAILED)
_KEPT = ("place", "content", "settings", "grid", "generation", "spreadsheet")
"""What is known of earlier tries where the last one does not tell."""
_LONGEST = 1_000
"""Characters of a line that is kept."""
_LARGEST = 8_000_000
"""Bytes of a file that may be ours: some thousands of tables."""


@dataclass(frozen=True, slots=True)
class TableStatus:
    """How a table does: what its last try came to, and when, in UTC; `last_success` is None until one went well.

    `outcome` has its lines as they are kept, and of earlier tries what the last one does not tell: where the table
    stands, what it shows, and the settings with which it was written from here, or was to be written since.
    """

    outcome: TableOutcome
    last_try: datetime
    last_success: datetime | None


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
            self._write(kept)

    def begin(self, settings: Mapping[str, str]) -> None:
        """Keep with which settings tables are about to be written, in case that nothing else is kept of it.

        Raises: KpiError when it cannot be written.
        """
        if self._begun(settings):
            with changing(self._file):
                self._write({**self.read(), **self._begun(settings)})

    def _begun(self, settings: Mapping[str, str]) -> Mapping[str, TableStatus]:
        """Return the entries that are to be others."""
        begun = dict[str, TableStatus]()
        for name, status in self.read().items():
            known = status.outcome.settings
            if name in settings and (told := with_begun(known, settings[name])) != known:
                begun[name] = replace(status, outcome=replace(status.outcome, settings=told))
        return begun

    def forget(self, known: Collection[str]) -> Sequence[TableOutcome]:
        """Return what is kept of tables that are none of the `known` ones any more, and keep it no longer."""
        left = [status.outcome for name, status in sorted(self.read().items()) if name not in known]
        if left:
            with changing(self._file):
                self._write({name: status for name, status in self.read().items() if name in known})
        return left

    def _write(self, kept: Mapping[str, TableStatus]) -> None:
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


def left_line(outcome: TableOutcome) -> str:
    """Return that a table stands where it was written last, though no `[[sheet]]` describes it any more."""
    if not outcome.place:
        return f"{outcome.name}: no longer in kpi.toml; it was never written."
    where = f"{outcome.place} of {spreadsheet_link(outcome.spreadsheet)}" if outcome.spreadsheet else outcome.place
    return (
        f"{outcome.name}: no longer in kpi.toml; its cells stay in {where}. To take it away clear them, "
        f"and remove its named ranges (Data > Named ranges: kpi_{outcome.name}, _kpi_{outcome.name}_g…) and its "
        "protected range."
    )


def _status(outcome: TableOutcome, before: TableStatus | None, now: datetime) -> TableStatus:
    success = now if outcome.is_well else before.last_success if before else None
    kept = {key: getattr(outcome, key) or getattr(before.outcome, key) for key in _KEPT} if before else {}
    kept |= {"message": _line(outcome.message), "error": _line(outcome.error)}
    return TableStatus(replace(outcome, **kept), now, success)


def _line(text: str) -> str:
    return harmless(text, _LONGEST)


def _written(status: TableStatus) -> dict[str, Any]:
    success = _text(status.last_success) if status.last_success else None
    outcome = asdict(status.outcome)
    del outcome["name"]  # the key of the entry
    return {"last_try": _text(status.last_try), "last_success": success, **outcome}


def _table_status(name: str, table: Mapping[str, Any]) -> TableStatus:
    """Return what an entry says. Raises ValueError, KeyError, TypeError and AttributeError for one that is not ours."""
    if table["status"] not in _STATES:
        raise ValueError
    outcome = TableOutcome(
        harmless(name),
        table["status"],
        _count(table["rows"]),
        _count(table["requests"]),
        _line(_said(table["message"])),
        _line(_said(table["error"])),
        **{key: _said(table.get(key, "")) for key in _KEPT},
    )
    success = None if table["last_success"] is None else _moment(table["last_success"])
    return TableStatus(outcome, _moment(table["last_try"]), success)


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
