"""Outdated tables made anew in the background, while cells that do not read them go on being answered."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

from kpicore.config.reader import read_config
from kpicore.errors import Defect, KpiError
from kpicore.ingest.renewal import tell
from kpicore.plugins.manager import Plugins
from kpicore.utils.isolation import contained
from kpicore.workspace import Workspace

_NOW = "it is being made anew"


class _Stopped(Exception):
    """Nobody waits for it any more."""


class Remaking:
    """At most one remake of a workspace at a time, and one for each stamp of its files."""

    def __init__(self, folder: Path, plugins: Plugins) -> None:
        self._folder, self._plugins = folder, plugins
        self._thread: Thread | None = None
        self._tried, self._failed = "", ""
        self._stopping = False

    def reason(self, stamp: str) -> str:
        """Return why outdated tables are not made anew yet."""
        return self._failed if self._failed and self._tried == stamp else _NOW

    def start(self, stamp: str) -> None:
        """Begin, unless it runs already or has failed for the files as they are."""
        # what failed for these files would fail again at once, for each batch that comes
        if self._stopping or self._tried == stamp or (self._thread is not None and self._thread.is_alive()):
            return
        self._tried, self._failed = stamp, ""
        self._thread = Thread(target=self._run, name="kpi-remake", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Wait until what runs is done."""
        if self._thread is not None:
            self._thread.join()

    def stop(self) -> None:
        """Give up what runs; the tables stay as they are. A later start begins anew."""
        self._stopping = True
        self.wait()
        self._stopping, self._tried = False, ""

    def _run(self) -> None:
        try:
            with contained(), Workspace(read_config(self._folder), self._plugins, may_remake=False) as workspace:
                # a workspace of its own: that of the cells goes on to read the old tables meanwhile
                tell(workspace.remake(progress=self._step).words)
        except _Stopped:
            pass
        except Exception as error:  # a defect too: nobody else would tell, and cells would wait for ever
            failure = error if isinstance(error, KpiError) else Defect(error)
            self._failed = f"it cannot be made anew now: {str(failure).rstrip('.')}"
            tell(f"outdated tables cannot be made anew: {failure}")

    def _step(self, step: str, done: float) -> None:
        if self._stopping:
            raise _Stopped
