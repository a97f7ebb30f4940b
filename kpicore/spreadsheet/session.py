"""The cells of a sheet on a workspace that may change while the sheet is open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

from kpicore.config.reader import read_config
from kpicore.errors import KpiError
from kpicore.ingest.renewal import is_remade_by_itself
from kpicore.model.functions import GENERAL, CellCalculator, CellFunction
from kpicore.model.narrowing import WHOLE, Narrowing
from kpicore.plugins.installed import load_plugins
from kpicore.plugins.manager import Plugins
from kpicore.spreadsheet.answering import Answering, CellResult
from kpicore.spreadsheet.calculating import cell_calculators
from kpicore.spreadsheet.functions import cell_functions
from kpicore.spreadsheet.remaking import Remaking
from kpicore.spreadsheet.stamps import Stamps, given_by
from kpicore.spreadsheet.telling import Telling
from kpicore.spreadsheet.values import NA, CellCall, CellFailure
from kpicore.turns import TurnLock, Turns
from kpicore.workspace import Workspace

_Functions = tuple[tuple[CellFunction, ...], tuple[CellCalculator, ...]]


@dataclass(frozen=True, slots=True)
class CellAnswers:
    """One result a call, in order, all of one version of the data. `stamp` changes when an answer could."""

    results: list[CellResult]
    data_version: str = ""
    data_time: datetime | None = None
    stamp: str = ""


@dataclass(slots=True)
class _Opened:
    """The workspace as it was at one stamp, and how many batches it is answering."""

    answering: Answering
    seen: tuple[str, str]
    users: int = 0


class Cells:
    """Answers calls on the workspace in a folder, as it is at the time of each batch; safe to use from threads.

    Nothing that a call holds makes it raise: what cannot be answered is a CellFailure. Outdated tables are made
    anew in the background; until that is done, what reads them is a CellFailure too, and then the stamp changes.

    Batches take `turns`: one of them computes while others wait for their rows, and a short one is not held up by
    long ones.

    With `tell_operator` callers are strangers: of paths, files and defects they read general words, and each line is
    told to it once for a stamp. Without it the caller is the operator, and reads the lines.
    """

    def __init__(self, folder: str | Path, tell_operator: Callable[[str], None] | None = None) -> None:
        self.folder = Path(folder)
        self.turns = Turns()
        self._telling = Telling(tell_operator)
        self._lock = TurnLock()
        self._now: _Opened | None = None
        self._plugins = load_plugins()
        self._stamps = Stamps(self.folder, given_by(self._plugins), self._plugins)
        self._remaking = Remaking(self.folder, self._plugins)
        self._catalog = FunctionCatalog(self.folder, self._plugins)

    def answer(self, calls: Sequence[CellCall], narrowing: Narrowing = WHOLE) -> CellAnswers:
        """Return one result a call, in order, within a narrowing; equal questions are asked once.

        Who is within one of the `turns` may stop it. Raises GivenUp when somebody did.
        """
        with self.turns.taken():
            stamp = self.stamp()
            try:
                with self._opened(stamp) as answering:
                    results = answering.within(narrowing).answer(calls)
                    if not self._has_data:
                        return CellAnswers(results, stamp=stamp)  # calculators need no data
                    state = answering.workspace.warehouse.state
                    if is_remade_by_itself(answering.workspace.outdated):
                        self._remaking.start(stamp)
                    return CellAnswers(results, state.version, state.time, stamp)
            except KpiError as error:
                return CellAnswers([CellFailure(NA, self._telling.words(error, stamp))] * len(calls), stamp=stamp)

    def functions(self, narrowing: Narrowing = WHOLE) -> tuple[CellFunction, ...]:
        """Return the functions of the workspace within a narrowing, by name. Raises KpiError when it cannot be read."""
        functions = self._catalog.at(self.stamp())[0]
        return tuple(of for of in functions if of.kind == GENERAL or narrowing.takes(of.metric))

    def calculators(self) -> tuple[CellCalculator, ...]:
        """Return how the calculators are computed, by name. Raises KpiError when the workspace cannot be read."""
        return self._catalog.at(self.stamp())[1]

    def words(self, error: KpiError, since: str = "") -> str:
        """Return what a caller may read of an error; `since` is a text that changes when it is to be told anew."""
        return self._telling.words(error, f"{self.stamp()}{since}")

    def stamp(self) -> str:
        """Return a text that changes when the data or a definition does, so whenever an answer could."""
        stamp = self._stamps.now()
        self._telling.see(stamp)
        return stamp

    def check(self) -> None:
        """Take a turn and look whether what is loaded can be read. Raises KpiError when it cannot."""
        with self.turns.taken(), self._opened(self.stamp()):
            pass

    def wait(self) -> None:
        """Wait until outdated tables that are being made anew are done."""
        self._remaking.wait()

    def close(self) -> None:
        """Let go of the data, once what is being answered is; what is asked later opens it again."""
        self._remaking.stop()
        with self._lock:
            self._forget()

    @property
    def _has_data(self) -> bool:
        return self._stamps.has_data

    @contextmanager
    def _opened(self, stamp: str) -> Iterator[Answering]:
        """Give what answers at a stamp; it stays open until the last who uses it is done."""
        with self._lock:
            opened = self._current(stamp)
            if self._has_data:
                _ = opened.answering.workspace.engine  # opened by one, for all
            opened.users += 1
        try:
            yield opened.answering
        finally:
            with self._lock:
                opened.users -= 1
                # another stamp came meanwhile, and who uses the old version last lets go of it
                if opened is not self._now:
                    _close(opened)

    def _current(self, stamp: str) -> _Opened:
        # the reason too, for it changes without the stamp when a remake fails
        seen = stamp, self._remaking.reason(stamp)
        if self._now is None or self._now.seen != seen:
            self._forget()
            workspace = Workspace(read_config(self.folder), self._plugins, may_remake=False, why_not=seen[1])
            answering = Answering(workspace, lambda error: self._telling.words(error, stamp))
            self._now = _Opened(answering, seen)
        return self._now

    def _forget(self) -> None:
        before, self._now = self._now, None
        if before is not None:
            _close(before)


def _close(opened: _Opened) -> None:
    # else who is done with it last comes by here again
    if not opened.users:
        opened.answering.workspace.close()


class FunctionCatalog:
    """Reads the definitions of a workspace once a stamp, without its data: no question holds it up."""

    def __init__(self, folder: Path, plugins: Plugins) -> None:
        self._folder, self._plugins = folder, plugins
        self._lock = Lock()
        self._stamp = ""
        self._functions: _Functions = (), ()

    def at(self, stamp: str) -> _Functions:
        """Return the functions and the calculators, by name. Raises KpiError when the workspace cannot be read."""
        with self._lock:
            if stamp != self._stamp:
                definitions = Workspace(read_config(self._folder), self._plugins, may_remake=False).definitions
                functions = cell_functions(definitions)
                self._functions = functions, cell_calculators(definitions, functions)
                self._stamp = stamp
            return self._functions
