"""What the root page tells of a workspace: read anew when it has changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kpicore import KpiError, Report, open_workspace, time_words
from kpicore_http.refusals import without_folder


@dataclass(frozen=True, slots=True)
class Overview:
    """A workspace as its root page shows it. `data` says of when the data is, in the organisation's zone, or `problem`
    why there is none.
    """

    name: str
    reports: tuple[Report, ...] = ()
    data: str = ""
    problem: str = ""


def read_overview(folder: Path, name: str) -> Overview:
    """Return what a workspace holds; `name` is what it was called when it could be read."""
    reports: tuple[Report, ...] = ()
    try:
        with open_workspace(folder, may_remake=False) as workspace:
            name = workspace.config.name
            reports = tuple(workspace.registry.reports.values())
            return Overview(name, reports, data=time_words(workspace.data_time, workspace.config.timezone))
    except KpiError as error:
        return Overview(name, reports, problem=without_folder(str(error), folder))


class Kept:
    """What `read` gives, kept as long as `stamp` gives the same; many ask, one reads. A problem is not kept."""

    def __init__(self, read: Callable[[], Overview], stamp: Callable[[], str]) -> None:
        self._read, self._stamp = read, stamp
        self._lock = asyncio.Lock()
        self._kept: tuple[str, Overview] | None = None

    async def now(self) -> Overview:
        """Return the overview as it is now."""
        async with self._lock:
            return await asyncio.to_thread(self._current)

    def _current(self) -> Overview:
        stamp = self._stamp()
        if self._kept is None or self._kept[0] != stamp:
            found = self._read()
            if found.problem:
                return found
            self._kept = stamp, found
        return self._kept[1]
