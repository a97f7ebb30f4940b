"""`kpi sheets watch`: tables are written when there is new data, or when their schedule says so."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import random
from zoneinfo import ZoneInfo

from kpicore import (
    BadArgument,
    BadConfig,
    Clock,
    Job,
    KpiError,
    Schedule,
    Stop,
    counted,
    run_jobs,
    schedule_given,
)
from kpicore_sheets.outcome_lines import outcome_lines
from kpicore_sheets.sync.outcome import TableOutcome
from kpicore_sheets.sync.run import failed_outcomes
from kpicore_sheets.sync.status_file import StatusFile, TableStatus
from kpicore_sheets.table import REPLACE, SheetTable

CONFIG_FILE = "kpi.toml"
JITTER_SECONDS = 20.0
"""Schedules of many workspaces name the same minutes, and Google counts the requests of each minute."""
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)

Refresh = Callable[[Sequence[SheetTable]], Sequence[TableOutcome]]
"""Brings tables of one spreadsheet up to date."""
Act = Callable[[Sequence[SheetTable]], None]


@dataclass(frozen=True, slots=True)
class WatchedTables:
    """The tables that kpi.toml describes, and the time zone in which a cron of them is meant."""

    tables: tuple[SheetTable, ...]
    zone: str


class SheetWatch:
    """Keeps tables up to date: `read` gives them, `refresh` writes, `stamp` gives a text that changes with the data.

    Nothing is opened while it waits.
    """

    def __init__(
        self,
        folder: Path,
        *,
        read: Callable[[], WatchedTables],
        refresh: Refresh,
        stamp: Callable[[], str],
        clock: Clock,
        tell: Callable[[str], None],
        chance: Callable[[], float] = random,
    ) -> None:
        self._config_file = folder / CONFIG_FILE
        self._read, self._refresh, self._look, self._clock, self._tell = read, refresh, stamp, clock, tell
        self._status, self._chance = StatusFile(folder, tell), chance
        self._stamp, self._is_broken = "", False
        self._ended_well = dict[str, bool]()
        self._watched = read()
        self._jobs = self._planned(self._watched)
        if len(self._jobs) == 1:  # that of kpi.toml itself
            hint = 'Write refresh = "data", every = "15 min" or cron = "0 8 * * mon" into it, or run: kpi sheets sync'
            raise BadConfig(self._config_file, "no [[sheet]] says when it is written", hint=hint)

    @property
    def words(self) -> str:
        """What is watched: "3 tables in 2 spreadsheets"."""
        watched = [table for table in self._watched.tables if _when(table)]
        spreadsheets = {table.spreadsheet for table in watched}
        tables = counted(len(watched), "tables", "table")
        return f"{tables} in {counted(len(spreadsheets), 'spreadsheets', 'spreadsheet')}"

    def run(self, stop: Stop) -> bool:
        """Watch until it is to stop. Return whether kpi.toml can be read, and the last run of each table went well."""
        run_jobs(
            self._jobs,
            self._clock,
            stop=stop,
            tell=self._tell_failure,
            jitter_seconds=JITTER_SECONDS,
            chance=self._chance,
        )
        return not self._is_broken and all(self._ended_well.get(table.name, True) for table in self._watched.tables)

    def _planned(self, watched: WatchedTables) -> list[Job]:
        """Return the jobs; kpi.toml comes first, so that a broken one is told once and not for each table."""
        tables = table_jobs(watched, self._status.read(), self._data, self._act)
        return [Job(CONFIG_FILE, self._config_text, self._reread), *tables]

    def _config_text(self) -> str:
        try:
            return hashlib.sha256(self._config_file.read_bytes()).hexdigest()
        except OSError:
            return ""

    def _data(self) -> str:
        """Return the stamp of the data; while kpi.toml is broken, that of before: nothing could be read."""
        if not self._is_broken:
            self._stamp = self._look()
        return self._stamp

    def _reread(self) -> None:
        try:
            watched = self._read()
            jobs = self._planned(watched)
        except KpiError as error:
            self._is_broken = True
            self._tell(self._timed(f"Nothing is written until {CONFIG_FILE} can be read: {error}"))
            return
        was_broken, self._is_broken = self._is_broken, False
        if watched != self._watched:
            self._watched, self._jobs[:] = watched, jobs
            self._tell(self._timed(f"{CONFIG_FILE} has changed. Watches {self.words}"))
        elif was_broken:
            self._tell(self._timed(f"{CONFIG_FILE} can be read again. Watches {self.words}"))

    def _act(self, tables: Sequence[SheetTable]) -> None:
        """Bring tables up to date, and tell and keep what it came to. Raises KpiError when one is not."""
        outcomes = self._outcomes(tables)
        self._ended_well |= {outcome.name: outcome.is_well for outcome in outcomes}
        problem = self._recorded(outcomes)  # first: there may be no terminal any more to tell it on
        for line in (*outcome_lines(outcomes, tables), *problem):
            self._tell(self._timed(line))
        if behind := [outcome.name for outcome in outcomes if not outcome.is_well]:
            raise KpiError(f"{', '.join(behind)}: not up to date.")

    def _recorded(self, outcomes: Sequence[TableOutcome]) -> Sequence[str]:
        """Keep what came of a run, and return why that could not be done: the tables are written all the same."""
        try:
            self._status.record(outcomes, self._clock.now())
        except KpiError as error:
            return [str(error)]
        return []

    def _outcomes(self, tables: Sequence[SheetTable]) -> Sequence[TableOutcome]:
        try:
            return self._refresh(tables)
        except Exception as error:  # foreign code, and what is not foreseen: the table has failed whatever it was
            return failed_outcomes(tables, error)

    def _tell_failure(self, job: Job, error: KpiError, seconds: float) -> None:
        self._tell(self._timed(f"Trying again in {seconds:g} s: {error}"))

    def _timed(self, line: str) -> str:
        return f"{self._clock.now().astimezone(ZoneInfo(self._watched.zone)):%Y-%m-%d %H:%M:%S} {line}"


def table_jobs(
    watched: WatchedTables, statuses: Mapping[str, TableStatus], data: Callable[[], str], act: Act
) -> Iterator[Job]:
    """Yield a job for the tables of a spreadsheet that are written at the same times: one read and one batch do.

    Raises: BadConfig for a schedule that is none.
    """
    groups: dict[tuple[str, str], list[SheetTable]] = {}
    for table in watched.tables:
        if when := _when(table):
            groups.setdefault((table.spreadsheet, when), []).append(table)
    for (spreadsheet, when), tables in groups.items():
        run = partial(act, tuple(tables))
        # with another table it is another job, which begins with what that one has missed
        name = f"{spreadsheet} {when} {' '.join(table.name for table in tables)}"
        if tables[0].refresh:
            yield Job(name, data, run)
        else:
            yield Job(name, _schedule(tables[0], watched.zone), run, _since(tables, statuses))


def _when(table: SheetTable) -> str:
    return table.refresh or table.every or table.cron


def _schedule(table: SheetTable, zone: str) -> Schedule:
    try:
        return schedule_given(table.every, table.cron, zone)
    except BadArgument as error:
        raise BadConfig(f"{CONFIG_FILE} [[sheet]] '{table.name}'", error.message, hint=error.hint) from error


def _since(tables: Iterable[SheetTable], statuses: Mapping[str, TableStatus]) -> datetime | None:
    """Return when the tables were all up to date last: what was missed since is made good at once."""
    since = list[datetime]()
    for table in tables:
        status = statuses.get(table.name)
        if status and status.last_success:
            since.append(status.last_success)
        # an empty table is filled now; a history begins at its own time
        elif table.mode == REPLACE:
            since.append(_NEVER)
    return min(since, default=None)
