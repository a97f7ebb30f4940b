"""The stamp of a workspace: a text that changes whenever an answer could, told by looking at a few files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from threading import Lock

from kpicore.config import FILE as CONFIG
from kpicore.config import read_config
from kpicore.errors import BadConfig
from kpicore.goals.written import TARGETS
from kpicore.own import FOLDER as OWN
from kpicore.plugins import Plugins
from kpicore.warehouse import FILE as WAREHOUSE


def given_by(plugins: Plugins) -> str:
    """Return a text that changes when the plugins give other definitions."""
    given = plugins.contributions
    told = (given.entities, given.fields, given.dimensions, given.metrics, given.rules, given.settings)
    return hashlib.sha256(repr(told).encode()).hexdigest()


class Stamps:
    """Tells the stamp. Which files kpi.toml names is read again when it has changed."""

    def __init__(self, folder: Path, given: str) -> None:
        self._folder, self._given = folder, given
        self._lock = Lock()
        self._config, self._named = "", tuple[Path, ...]()

    def now(self) -> str:
        """Return the stamp of the files as they are."""
        found = hashlib.sha256(self._given.encode())
        with self._lock:
            files = tuple(self._files())
        for each in files:
            found.update(_state(each).encode())
        return found.hexdigest()[:16]

    def _files(self) -> Iterator[Path]:
        config = self._folder / CONFIG
        state = _state(config)
        if state != self._config:
            self._config = state
            try:
                self._named = read_config(self._folder).files()
            except BadConfig:  # who asks is told
                self._named = ()
        yield from (self._folder / WAREHOUSE, config, self._folder / TARGETS, *self._named)
        yield from sorted((self._folder / OWN).glob("*.toml"))


def _state(file: Path) -> str:
    try:
        found = file.stat()
    except OSError:
        return ""
    return f"{file.name} {found.st_mtime_ns} {found.st_size} {found.st_ino}\n"
