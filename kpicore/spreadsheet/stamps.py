"""The stamp of a workspace: a text that changes whenever an answer could, told by looking at a few files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from threading import Lock

from kpicore.config.reader import FILE as CONFIG
from kpicore.config.reader import OWN_FOLDER, TARGETS, Config, read_config
from kpicore.errors import BadConfig
from kpicore.plugins.manager import Plugins
from kpicore.plugins.settled import settled_in_part


def given_by(plugins: Plugins) -> str:
    """Return a text that changes when the plugins give other definitions."""
    contributions = plugins.contributions
    definitions = (
        contributions.entities,
        contributions.fields,
        contributions.dimensions,
        contributions.metrics,
        contributions.rules,
        contributions.settings,
    )
    return hashlib.sha256(repr(definitions).encode()).hexdigest()


class Stamps:
    """Tells the stamp. Which files kpi.toml names is read again when it has changed."""

    def __init__(self, folder: Path, definitions: str, plugins: Plugins | None = None) -> None:
        self._folder, self._given, self._plugins = folder, definitions, plugins
        self._lock = Lock()
        self._seen, self._config = "", Config(folder, "")

    @property
    def has_data(self) -> bool:
        """Whether there is any data."""
        return bool(self._config.warehouse_kind.stamped(self._config))

    def now(self) -> str:
        """Return the stamp of the files as they are."""
        digest = hashlib.sha256(self._given.encode())
        with self._lock:
            # a tuple, as `_files` may read kpi.toml anew: that is over when the lock is let go
            files = tuple(self._files())
            config = self._config
        digest.update(config.warehouse_kind.stamped(config).encode())
        for file in files:
            digest.update(_state(file).encode())
        return digest.hexdigest()[:16]

    def _files(self) -> Iterator[Path]:
        file = self._folder / CONFIG
        # kpi.toml names further files, so it is read again first; what a broken one names is not looked at
        state = _state(file)
        if state != self._seen:
            self._seen = state
            try:
                config = read_config(self._folder)
                self._config = settled_in_part(config, self._plugins)[0] if self._plugins else config
            except BadConfig:  # who asks is told
                self._config = Config(self._folder, "")
        yield from (file, self._folder / TARGETS, *self._config.files())
        yield from sorted((self._folder / OWN_FOLDER).glob("*.toml"))


def _state(file: Path) -> str:
    try:
        state = file.stat()
    except OSError:
        return ""
    # the inode too: a file that is replaced as a whole may have the time and the size of the old one
    return f"{file.name} {state.st_mtime_ns} {state.st_size} {state.st_ino}\n"
