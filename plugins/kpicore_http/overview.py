"""What the root page tells of a workspace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kpicore import KpiError, Report, open_workspace, time_words


@dataclass(frozen=True, slots=True)
class Overview:
    """A workspace as its root page shows it. `data` says of when the data is, in the organisation's zone, or `problem`
    why there is none.
    """

    name: str
    reports: tuple[Report, ...] = ()
    data: str = ""
    problem: str = ""


def read_overview(folder: Path, name: str, words: Callable[[KpiError], str]) -> Overview:
    """Return what a workspace holds; `name` is what it was called when it could be read, `words` tells what a caller
    may read of an error.
    """
    reports: tuple[Report, ...] = ()
    try:
        with open_workspace(folder, may_remake=False) as workspace:
            name = workspace.config.name
            reports = tuple(workspace.registry.reports.values())
            return Overview(name, reports, data=time_words(workspace.data_time, workspace.config.timezone))
    except KpiError as error:
        return Overview(name, reports, problem=words(error))
