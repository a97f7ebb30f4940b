"""The run of one spreadsheet: all its tables step by step, by one read and one batch where nobody disturbs it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from kpicore import Clock, KpiError
from kpicore_sheets.port import BatchRefused, Spreadsheets, Unsure
from kpicore_sheets.sync.aim import is_heavy
from kpicore_sheets.sync.batch import SheetBatch, batch_answer, lone_body, sheet_batches
from kpicore_sheets.sync.content import TableContent
from kpicore_sheets.sync.ids import moving_name, owner, table_ids
from kpicore_sheets.sync.outcome import FAILED, REFUSED
from kpicore_sheets.sync.ownership import settings_digest
from kpicore_sheets.sync.placing import placed_table
from kpicore_sheets.sync.plan import LookCloser, Settled, next_step
from kpicore_sheets.sync.reading import LastRun, closer, expected, first_look
from kpicore_sheets.sync.rectangle import Rectangle
from kpicore_sheets.sync.spreadsheet import NOTHING_SEEN, SeenSpreadsheet
from kpicore_sheets.sync.staging import left_behind, left_removed, pieces, staging_removed, staging_title
from kpicore_sheets.sync.steps import Action, stage_first
from kpicore_sheets.sync.task import TableTask
from kpicore_sheets.table import SheetTable

_MOST_TRIES = 8
"""Batches of a table that are refused, lost or put right, before it is left as it is."""
_ROUNDS_A_TABLE = 20
_MANY = 1_000
"""Tables in a batch, when nothing is refused."""
_PAUSE_SECONDS, _LONGEST_PAUSE = 0.2, 3.0
_AGAIN = "it changed again and again while it was written. The next run tries again."


@dataclass(slots=True)
class TableWork:
    """A table in a run: what it is to show, or the error why nobody knows, and how far it has come."""

    table: SheetTable
    content: TableContent | None
    error: str = ""
    sent: str = ""
    wrote: bool = False
    shifted: bool = False
    staging: int = 0
    staged: int = 0
    anew: bool = False
    tries: int = 0
    refused: str = ""
    message: str = ""
    settled: Settled | None = None
    settings: str = field(init=False)

    def __post_init__(self) -> None:
        self.settings = settings_digest(self.table)

    @property
    def is_open(self) -> bool:
        """Whether something is left to do."""
        return self.settled is None and self.content is not None

    def tried(self, problem: str) -> None:
        """Count a try that came to nothing."""
        self.tries += 1
        self.sent, self.wrote = "", False
        if self.tries >= _MOST_TRIES:
            self.settled = Settled(FAILED, problem)

    def was_refused(self, action: Action, problem: str) -> None:
        """Count a try that Google refused; the same steps again, after a new look, are refused for good."""
        self.tried(problem)
        text = json.dumps(action.requests).replace(action.batch, "")
        if text == self.refused:
            self.settled = Settled(FAILED, problem)
        self.refused = text


@dataclass(slots=True)
class SpreadsheetRun:
    """The tables of one spreadsheet in a run, and the spreadsheet as it was seen last.

    After a batch that was refused half as many tables go into one, until the one that is to blame goes alone; after one
    that was applied twice as many: `most`.
    """

    spreadsheet: str
    google: Spreadsheets
    clock: Clock
    run_id: str
    works: Sequence[TableWork]
    last: Mapping[str, LastRun]
    batches: int = 0
    most: int = _MANY
    is_lost: bool = False
    seen: SeenSpreadsheet | None = field(default=None, repr=False)

    def bring_up_to_date(self) -> None:
        """Take one step after the other until nothing is left to do. What is not done then is told as failed.

        `is_lost` is set when Google cannot be asked: then nothing can be said in stamps either.
        """
        try:
            for _ in range(_ROUNDS_A_TABLE * (len(self.works) + 4)):
                if not self._open():
                    break
                self._round()
        except KpiError as error:
            self.is_lost = True
            for work in self._open():
                work.settled = Settled(FAILED, str(error))
        for work in self._open():
            work.settled = Settled(FAILED, _AGAIN)
        self._tidy()

    def _tidy(self) -> None:
        """Remove hidden tabs that were not needed in the end. Where that fails the next run does it."""
        needless = [request for work in self.works if work.staging for request in staging_removed(work.staging)]
        if needless and not self.is_lost:
            with suppress(KpiError):
                self.google.batch_update(self.spreadsheet, lone_body(needless))

    def _round(self) -> None:
        if self.seen is None:
            tasks = [self._task(work) for work in self._open()]
            if not self.batches and self._opened(tasks):
                return
            self.seen = first_look(self.google, self.spreadsheet, tasks, self.last)
            self._forget_gone(self.seen)
        seen = self.seen
        actions, looks = self._steps(seen)
        if looks:
            self.seen = closer(self.google, self.spreadsheet, seen, looks)
            if self.seen is None:
                self._failed_look()
            return
        used = {work.staging for work in self.works}
        if actions and left_behind(seen, used) and not seen.whole:
            self.seen = closer(self.google, self.spreadsheet, seen, [LookCloser()])
            return
        sent = set[str]()
        for batch in sheet_batches(actions[: self.most], seen, (*left_removed(seen, used),)):
            if not self._sent(batch, seen):
                return
            sent |= {action.name for action in batch.actions}
            waiting = [action.name for action in actions if action.name not in sent]
            if self.seen and are_moved(waiting, seen, self.seen):
                self.seen = None
                return

    def _opened(self, tasks: Sequence[TableTask]) -> bool:
        """Make the hidden tabs where all tables are heavy and have changed: the answer is as good as a read."""
        changed = [task for task in tasks if self._is_heavy_and_new(task)]
        if len(changed) < len(tasks):
            return False
        actions = [stage_first(task, (*expected(task, self.last[task.table.name]),)) for task in tasks]
        for batch in sheet_batches(actions, NOTHING_SEEN):
            self._sent(batch, NOTHING_SEEN)
        return True

    def _is_heavy_and_new(self, task: TableTask) -> bool:
        last, content = self.last.get(task.table.name), task.content
        if last is None or last.content in ("", content.digest) or task.is_history or not is_heavy(content):
            return False
        # of more rows nobody knows whether the tab has them
        return last.place[1].height >= content.height and last.place[1].width >= content.width

    def _open(self) -> list[TableWork]:
        return [work for work in self.works if work.is_open]

    def _task(self, work: TableWork) -> TableTask:
        assert work.content is not None
        batch = f"{self.run_id}.{self.batches}"
        last = self.last.get(work.table.name)
        return TableTask(
            work.table,
            work.content,
            batch,
            work.settings,
            work.sent,
            work.shifted,
            work.staging,
            work.anew,
            last.settings if last else "",
            last.generation if last else 0,
            again=work.tries > 0,
            wrote=work.wrote,
        )

    def _steps(self, seen: SeenSpreadsheet) -> tuple[list[Action], list[LookCloser]]:
        """Return the next steps of the tables that are not settled yet, and what has to be read first."""
        claimed = standing(self.works, seen)
        actions, looks, settled = list[Action](), list[LookCloser](), list[tuple[TableWork, Settled]]()
        for work in self._open():
            others = {name: part for name, part in claimed.items() if owner(name) != work.table.name}
            step = next_step(self._task(work), seen, others)
            if isinstance(step, LookCloser):
                looks.append(step)
            elif isinstance(step, Settled):
                settled.append((work, step))
            else:
                actions.append(step)
                if step.fence:
                    claimed[moving_name(step.name) if step.beside else step.name] = step.fence[1]
        # cells that a table leaves may be what another one was refused for
        waits = bool(looks) or any(action.frees for action in actions)
        for work, step in settled:
            if step.status != REFUSED or not waits:
                work.settled = step
        return actions, looks

    def _sent(self, batch: SheetBatch, seen: SeenSpreadsheet) -> bool:
        """Send a batch, and tell whether the next one may follow at once; `seen` is what is known afterwards."""
        self.batches += 1
        works = {work.table.name: work for work in self.works}
        self.seen = None
        try:
            for action in batch.actions:
                self._stage(works[action.name], action)
            answer = self.google.batch_update(self.spreadsheet, batch.body)
        except (BatchRefused, Unsure) as error:
            self._came_to_nothing(batch, error)
            return False
        self.most = min(_MANY, self.most * 2)
        told = batch_answer(batch, answer, {action.name: table_ids(action.name) for action in batch.actions})
        for action in batch.actions:
            _take(works[action.name], action, told.problems.get(action.name, ""))
        if told.undoing:
            self._undo(told.undoing)
        if not told.problems:
            self.seen = told.after
        return not told.problems

    def _came_to_nothing(self, batch: SheetBatch, error: BatchRefused | Unsure) -> None:
        """Count a batch that was refused or whose answer is lost: what is there is read, and planned anew."""
        works = {work.table.name: work for work in self.works}
        tables = [works[action.name] for action in batch.actions]
        if isinstance(error, Unsure):
            for work in tables:
                work.tried(f"Nobody knows what Google made of it: {error.message}")
        else:
            # fewer tables at once, until the one that is to blame goes alone: it holds no other one up
            self.most = max(1, len(tables) // 2)
            if len(tables) == 1:
                tables[0].was_refused(batch.actions[0], f"Google does not take it: {error.message}")
            for work in tables:
                work.sent, work.wrote = "", False
        self._pause(max(work.tries for work in tables))

    def _undo(self, requests: Sequence[dict[str, Any]]) -> None:
        """Put back what was changed by mistake. Where that is refused somebody has changed it since."""
        with suppress(BatchRefused, Unsure):
            self.google.batch_update(self.spreadsheet, lone_body(requests))

    def _stage(self, work: TableWork, action: Action) -> None:
        """Bring the values of a heavy table into their tab, before the step that follows to its making."""
        if action.stages or not work.staging or work.content is None or work.staged == work.staging:
            return
        for body in pieces(work.content, staging_title(work.staging, work.table.name)):
            self.google.values_update(self.spreadsheet, body)
        work.staged = work.staging

    def _forget_gone(self, seen: SeenSpreadsheet) -> None:
        """Let the next try make another hidden tab where somebody removed one."""
        for work in self.works:
            if work.staging not in seen.metadata:
                work.staging = 0

    def _failed_look(self) -> None:
        """Count a look that found no such cells any more: nobody looks for ever."""
        for work in self._open():
            work.tried(_AGAIN)
        self._pause(max(work.tries for work in self.works))

    def _pause(self, tries: int) -> None:
        self.clock.wait(min(_LONGEST_PAUSE, _PAUSE_SECONDS * 2 ** max(0, tries - 1)))


def _take(work: TableWork, action: Action, problem: str) -> None:
    """Keep what became of a step."""
    if problem:
        work.message = problem
        work.tried(problem)
        work.shifted = action.witness is not None
        work.anew = work.anew or bool(action.replaced)
        return
    work.staging = action.stages or (0 if action.writes else work.staging)
    if action.fence or action.refusal:
        work.sent, work.shifted = action.batch, False
    if action.writes:
        work.anew, work.wrote = False, True
    if action.refusal:
        work.settled = Settled(REFUSED, action.refusal)


def are_moved(names: Sequence[str], seen: SeenSpreadsheet, after: SeenSpreadsheet) -> bool:
    """Return whether one of these tables does not stand where it was seen: shifts of cells are no reason for Google to
    refuse what was planned before them."""
    areas = {table_ids(part).area for name in names for part in (name, moving_name(name))}
    before, now = ({item.id: item.rectangle for item in one.ranges if item.id in areas} for one in (seen, after))
    return before != now


def standing(works: Sequence[TableWork], seen: SeenSpreadsheet) -> dict[str, Rectangle]:
    """Return the cells that the tables have now, or have reserved to move there, by name."""
    names = [name for work in works for name in (work.table.name, moving_name(work.table.name))]
    placed = {name: placed_table(table_ids(name), seen) for name in names}
    return {name: table.rectangle for name, table in placed.items() if table and table.rectangle}
