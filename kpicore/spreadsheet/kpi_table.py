"""A table of KPIs: a row a period and dimension value, the KPIs side by side, as KPI_TABLE and sheets show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from kpicore.calendar import Period, progress
from kpicore.engine.engine import Engine
from kpicore.engine.plan.cubes import Members
from kpicore.engine.plan.scans import Filters
from kpicore.errors import BadArgument
from kpicore.insight.features import earlier
from kpicore.insight.result import covered_otherwise, day_notes
from kpicore.model.kpi_requests import KpiRequest
from kpicore.model.notes import TO_DATE, Note
from kpicore.model.questions import NONE, Question, questions_of
from kpicore.spreadsheet.room import Room
from kpicore.spreadsheet.table_cells import TableQuestions
from kpicore.spreadsheet.table_columns import (
    BEFORE,
    CHANGE,
    REACHED,
    STATUS,
    TARGET,
    VALUE,
    TableColumn,
    kpi_columns,
    row_columns,
)
from kpicore.spreadsheet.values import CellScalar
from kpicore.turns import one_by_one
from kpicore.wording.wording import Wording

if TYPE_CHECKING:
    from kpicore.workspace import Workspace


@dataclass(frozen=True, slots=True)
class KpiTable:
    """KPIs side by side, a row a period and dimension value, by period and then by value.

    A cell is a key, a number or a status; in the place of one that is not there stands the error that tells why. The
    rows of `in_progress` are of periods that are not over. `notes` say what days the table is of, and compared with.
    """

    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[CellScalar, ...], ...]
    in_progress: range = range(0)
    notes: tuple[str, ...] = ()

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns, as KPI_TABLE heads them."""
        return tuple(column.name for column in self.columns)


def kpi_table(
    workspace: Workspace,
    request: KpiRequest,
    *,
    targets: bool = False,
    status: bool = False,
) -> KpiTable:
    """Return the table of a request: its KPIs, and beside each what is asked for.

    With `compare` in the request these are the number before and the change, a difference of shares and points, else
    a fraction; with `targets` the target of exactly this period and cuts, and how much of it is reached; with
    `status` what the KPI's bands say: "good", "fair" or "poor".

    Raises: KpiError with one clear line.
    """
    if request.guards or request.intervals:
        raise BadArgument("a table shows neither guards nor intervals.", hint="See: kpi get")
    kinds = [VALUE, *([BEFORE, CHANGE] if request.compare else [])]
    kinds += [*([TARGET, REACHED] if targets else []), *([STATUS] if status else [])]
    return table_within(None, workspace, request, kinds)


def table_within(
    room: Room | None,
    workspace: Workspace,
    request: KpiRequest,
    kinds: Sequence[str],
    wording: Wording | None = None,
) -> KpiTable:
    """Return the table of a request with columns of these kinds for each KPI.

    A table for which there is no room is refused before anything is computed. Why a number is not there is told by the
    `wording`, the workspace's if there is none. Raises KpiError.
    """
    asked = _asked(workspace, request)
    columns = _columns(workspace, request, asked, kinds)
    members = _members(asked, room, len(columns))
    compared = _compared(workspace, request, asked)
    questions = TableQuestions(
        asked.engine,
        wording or workspace.wording,
        asked.series,
        compared,
        tuple(sorted(asked.by)),
        members,
        request.grain if request.to_date else None,
    )
    filled = [*asked.names(members, with_period=request.grain is not None), *questions.columns(kinds)]
    return KpiTable(
        columns, tuple(one_by_one(zip(*filled, strict=True))), *_days(workspace, asked, request.kpis, compared, members)
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a table is asked for, as the engine of its day reads it."""

    engine: Engine
    whole: Period
    periods: Sequence[Period]
    by: tuple[str, ...]
    series: Sequence[Sequence[Question]]

    def names(self, members: Sequence[Members], *, with_period: bool) -> list[list[CellScalar]]:
        """Return the columns that tell what each row is about; members stand in the order of their names."""
        places = [sorted(self.by).index(name) for name in self.by]
        periods: list[CellScalar] = [period.key for period in self.periods for _ in members]
        dimensions: list[list[CellScalar]] = [
            [*one_by_one(member[place] for member in members)] * len(self.periods) for place in places
        ]
        return [*([periods] if with_period else []), *dimensions]


def _asked(workspace: Workspace, request: KpiRequest) -> _Asked:
    by = tuple(dict.fromkeys(workspace.registry.dimension(name).name for name in request.by))
    engine = workspace.engine.at(request.as_of)
    whole = workspace.period(request.period, as_of=request.as_of)
    split = workspace.calendar.running if request.to_date else workspace.calendar.series
    periods = split(whole, request.grain) if request.grain else (whole,)
    cuts = workspace.cuts(request.where, request.as_of)
    named = [workspace.definitions.named(kpi) for kpi in request.kpis]
    series = [questions_of(kpi, periods, cuts, request.as_of) for kpi in named]
    return _Asked(engine, whole, periods, by, series)


def _columns(workspace: Workspace, request: KpiRequest, asked: _Asked, kinds: Sequence[str]) -> tuple[TableColumn, ...]:
    columns = list(row_columns(asked.by, with_period=request.grain is not None))
    for kpi, (first, *_) in zip(request.kpis, asked.series, strict=True):
        columns += kpi_columns(kpi, workspace.registry.metric(first.metric), first.variant, kinds)
    return tuple(columns)


def _members(asked: _Asked, room: Room | None, columns: int) -> list[Members]:
    """Return what the rows of each period are of, in their order, each in the order of the dimensions' names.

    A table that is too large is refused as soon as it is known: at its periods, then at its dimension values.
    """
    # before anything is computed: a table by day and by a large dimension may have millions of cells
    if room is not None:
        room.check(len(asked.periods), columns)
    members: list[Members] = [()]
    if asked.by:
        names = tuple(sorted(asked.by))
        places = [names.index(name) for name in asked.by]
        # a dimension value without rows of one KPI has a row all the same, if another KPI has some
        rows = _of_cuts(set().union(*asked.engine.rows(asked.series, names)), names, asked.series[0][0].cuts)
        members = sorted(rows, key=lambda member: [member[place] for place in places])
    if room is not None:
        room.take(1 + len(asked.periods) * max(len(members), 1), columns)
    for questions in asked.series:
        for question in one_by_one(questions):
            asked.engine.check(question, asked.by)
    return members


def _of_cuts(rows: set[Members], names: tuple[str, ...], cuts: Filters) -> set[Members]:
    """Return the rows of values that the filters name.

    A KPI that nobody can tell by a dimension has one of none: beside others that would be rows that were not asked for,
    and alone it says of those that were why there is no number.
    """
    asked = {names.index(name): values for name, values in cuts if name in names}
    within = {member for member in one_by_one(rows) if all(member[at] in values for at, values in asked.items())}
    return within or set(product(*(asked.get(at, (NONE,)) for at in range(len(names))))) if rows else rows


def _compared(workspace: Workspace, request: KpiRequest, asked: _Asked) -> list[list[Question]]:
    """Return the questions that those of each KPI are compared with; none without a comparison."""
    if request.compare is None:
        return []
    step = request.compare
    compared = [[earlier(workspace, question, step) for question in one_by_one(series)] for series in asked.series]
    for questions in compared:
        for question in one_by_one(questions):
            asked.engine.check(question, asked.by)
    return compared


def _days(
    workspace: Workspace,
    asked: _Asked,
    kpis: Sequence[str],
    compared: Sequence[Sequence[Question]],
    members: Sequence[Members],
) -> tuple[range, tuple[str, ...]]:
    """Return which rows are of periods in progress, and what to say of the days; of KPIs alone whose it is."""
    wording, engine, running = workspace.wording, asked.engine, set[int]()
    told: dict[str, list[str]] = {}
    for kpi, series in zip(kpis, asked.series, strict=True):
        elapsed = {at: days for at, one in enumerate(series) if (days := progress(one.period, engine.today_of(one)))}
        running |= elapsed.keys()
        to_date = {at: Note.of(TO_DATE, elapsed=days, days=asked.periods[at].days) for at, days in elapsed.items()}
        behind = engine.freshness.behind(engine.definitions.get(series[0].metric, series[0].variant))
        words = [*(f"{asked.periods[at]} {wording.note(note)}" for at, note in to_date.items()), *wording.notes(behind)]
        for note in words:
            told.setdefault(f"{note}.", []).append(kpi)
    rows = range(min(running) * len(members), (max(running) + 1) * len(members)) if running else range(0)
    said = [note if len(of) == len(kpis) else f"{', '.join(of)}: {note}" for note, of in told.items()]
    covers = covered_otherwise(workspace.calendar, asked.periods, asked.whole)
    notes = day_notes(covers, (question.period for questions in compared for question in questions))
    return rows, (*said, *map(wording.note, notes))
