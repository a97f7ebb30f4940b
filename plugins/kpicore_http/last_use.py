"""When tokens were last used: kept beside them by the servers that see it, as well as it can be."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock

from kpicore import KpiError, write_whole
from kpicore_http.tokens import in_every_zone

FILE = "tokens-used.json"
EVERY = timedelta(minutes=1)

Uses = dict[str, datetime]
"""When a token was last used (UTC), by the SHA-256 of its text."""


def read_uses(folder: Path) -> Uses:
    """Return the last uses that are kept; a file that cannot be read holds none."""
    try:
        texts = json.loads((folder / FILE).read_text(encoding="utf-8"))
        moments = {name: datetime.fromisoformat(moment) for name, moment in texts.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return {}
    return {name: moment for name, moment in moments.items() if moment.tzinfo is not None and in_every_zone(moment)}


class LastUse:
    """Keeps the last uses of a workspace's tokens: in memory, and at most once a minute in the file.

    What another server kept is kept too, and a token that is gone is forgotten. A folder that cannot be written to is
    no reason to refuse anybody.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._uses: Uses = {}
        self._written = datetime.min.replace(tzinfo=UTC)
        self._is_news = False

    def used(self, sha256: str, now: datetime, known: Collection[str]) -> None:
        """Keep that a token was used; `known` are the hashes of the tokens there are."""
        with self._lock:
            self._uses[sha256] = now.astimezone(UTC).replace(microsecond=0)
            self._is_news = True
            # not each time: cells ask by the thousand, and the file may lie on a network
            if now - self._written >= EVERY:
                self._written = now
                self._write(known)

    def close(self, known: Collection[str]) -> None:
        """Write what was not written yet."""
        with self._lock:
            if self._is_news:
                self._write(known)

    def _write(self, known: Collection[str]) -> None:
        self._uses = {
            name: moment for name, moment in _later(read_uses(self._folder), self._uses).items() if name in known
        }
        text = json.dumps({name: moment.isoformat() for name, moment in sorted(self._uses.items())}, indent=1)
        with suppress(KpiError):
            write_whole(self._folder / FILE, f"{text}\n", private=True)
            self._is_news = False


def _later(ours: Mapping[str, datetime], others: Mapping[str, datetime]) -> Uses:
    return {name: max(uses[name] for uses in (ours, others) if name in uses) for name in {**ours, **others}}
