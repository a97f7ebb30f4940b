"""The cells of a sheet on a workspace that may change while the sheet is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

from kpicore.cells.answering import Answering, CellResult
from kpicore.cells.calculating import CellCalculator, cell_calculators
from kpicore.cells.functions import CellFunction
from kpicore.cells.remaking import Remaking
from kpicore.cells.stamps import Stamps, given_by
from kpicore.cells.telling import Telling
from kpicore.cells.values import NA, CellCall, CellFailure
from kpicore.config import read_config
from kpicore.errors import KpiError
from kpicore.plugins import load_plugins
from kpicore.renewal import is_remade_by_itself
from kpicore.warehouse import FILE as WAREHOUSE
from kpicore.workspace import Workspace


@dataclass(frozen=True, slots=True)
class CellAnswers:
    """One result a call, in order, all of one version of the data. `stamp` changes when an answer could."""

    results: list[CellResult]
    data_version: str = ""
    data_time: datetime | None = None
    stamp: str = ""


class Cells:
    """Answers calls on the workspace in a folder, as it is at the time of each batch; safe to use from threads.

    Nothing that a call holds makes it raise: what cannot be answered is a CellFailure. Outdated tables are made
    anew in the background; until that is done, what reads them is a CellFailure too, and then the stamp changes.

    With `tell_operator` callers are strangers: of paths, files and defects they read general words, and each line is
    told to it once for a stamp. Without it the caller is the operator, and reads the lines.
    """

    def __init__(self, folder: str | Path, tell_operator: Callable[[str], None] | None = None) -> None:
        self.folder = Path(folder)
        self._telling = Telling(tell_operator)
        self._lock = Lock()
        self._answering: Answering | None = None
        self._seen = ("", "")
        self._plugins = load_plugins()
        self._stamps = Stamps(self.folder, given_by(self._plugins))
        self._remaking = Remaking(self.folder, self._plugins)

    def answer(self, calls: Sequence[CellCall]) -> CellAnswers:
        """Return one result a call, in order; equal questions are asked once."""
        with self._lock:
            stamp = self.stamp()
            try:
                answering = self._current(stamp)
                results = answering.answer(calls)
                if not (self.folder / WAREHOUSE).exists():
                    return CellAnswers(results, stamp=stamp)  # calculators need no data
                state = answering.workspace.warehouse.state
                if is_remade_by_itself(answering.workspace.outdated):
                    self._remaking.start(stamp)
                return CellAnswers(results, state.version, state.time, stamp)
            except KpiError as error:
                return CellAnswers([CellFailure(NA, self._telling.words(error, stamp))] * len(calls), stamp=stamp)

    def functions(self) -> tuple[CellFunction, ...]:
        """Return the functions of the workspace, by name. Raises KpiError when it cannot be read."""
        with self._lock:
            return self._current(self.stamp()).functions

    def calculators(self) -> tuple[CellCalculator, ...]:
        """Return how the calculators are computed, by name. Raises KpiError when the workspace cannot be read."""
        with self._lock:
            answering = self._current(self.stamp())
            return cell_calculators(answering.workspace.definitions, answering.functions)

    def words(self, error: KpiError) -> str:
        """Return what a caller may read of an error."""
        return self._telling.words(error, self.stamp())

    def stamp(self) -> str:
        """Return a text that changes when the data or a definition does, so whenever an answer could."""
        return self._stamps.now()

    def wait(self) -> None:
        """Wait until outdated tables that are being made anew are done."""
        self._remaking.wait()

    def close(self) -> None:
        """Let go of the data; what is asked later opens it again."""
        self._remaking.stop()
        with self._lock:
            self._forget()

    def _current(self, stamp: str) -> Answering:
        seen = stamp, self._remaking.reason(stamp)
        if self._answering is None or self._seen != seen:
            self._forget()
            config = read_config(self.folder)
            workspace = Workspace(config, self._plugins, may_remake=False, why_not=seen[1])
            answering = Answering(workspace, lambda error: self._telling.words(error, stamp))
            self._answering, self._seen = answering, seen
        return self._answering

    def _forget(self) -> None:
        if self._answering is not None:
            self._answering.workspace.close()
            self._answering = None
