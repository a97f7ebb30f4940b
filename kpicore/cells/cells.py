"""The cells of a sheet on a workspace that may change while the sheet is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from kpicore.cells.answering import Answering, CellResult
from kpicore.cells.calculating import CellCalculator, cell_calculators
from kpicore.cells.functions import CellFunction
from kpicore.cells.remaking import Remaking
from kpicore.cells.stamps import Stamps, given_by
from kpicore.cells.values import NA, CellCall, CellFailure, cell_from_json, cell_to_json
from kpicore.config import read_config
from kpicore.errors import BadArgument, KpiError
from kpicore.plugins import load_plugins
from kpicore.renewal import is_remade_by_itself
from kpicore.warehouse import FILE as WAREHOUSE
from kpicore.workspace import Workspace

MOST_CALLS = 2_000
"""How many calls one request may hold; hosts send more of them in several."""


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
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
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
                return CellAnswers([CellFailure(NA, str(error))] * len(calls), stamp=stamp)

    def functions(self) -> tuple[CellFunction, ...]:
        """Return the functions of the workspace, by name. Raises KpiError when it cannot be read."""
        with self._lock:
            return self._current(self.stamp()).functions

    def calculators(self) -> tuple[CellCalculator, ...]:
        """Return how the calculators are computed, by name. Raises KpiError when the workspace cannot be read."""
        with self._lock:
            answering = self._current(self.stamp())
            return cell_calculators(answering.workspace.definitions, answering.functions)

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
            self._answering, self._seen = Answering(workspace), seen
        return self._answering

    def _forget(self) -> None:
        if self._answering is not None:
            self._answering.workspace.close()
            self._answering = None


def answer_json(cells: Cells, request: object) -> dict[str, Any]:
    """Return the response to a request as JSON holds it: {"calls": [["KPI_WIN_RATE", ["2026-Q3"]], …]} gives
    {"results": [0.5, …], "data_version": …, "data_time": …, "stamp": …}.

    Raises: BadArgument for a request that is none, or holds more than MOST_CALLS calls.
    """
    calls = request.get("calls") if isinstance(request, Mapping) else None
    if not isinstance(calls, list):
        raise BadArgument('a request is {"calls": [["KPI_WIN_RATE", ["2026-Q3"]], …]}.')
    if len(calls) > MOST_CALLS:
        raise BadArgument(f"{len(calls):,} calls in one request.", hint=f"Send at most {MOST_CALLS:,} at a time.")
    answers = cells.answer([_call(each) for each in calls])
    return {
        "results": [cell_to_json(each) for each in answers.results],
        "data_version": answers.data_version,
        "data_time": answers.data_time.isoformat() if answers.data_time else None,
        "stamp": answers.stamp,
    }


def _call(given: object) -> CellCall:
    if not (isinstance(given, list) and len(given) == 2 and isinstance(given[0], str) and isinstance(given[1], list)):
        raise BadArgument('a call is a name and a list of values: ["KPI_WIN_RATE", ["2026-Q3", "rep", "Ann"]].')
    return CellCall(given[0], tuple(cell_from_json(each) for each in given[1]))
