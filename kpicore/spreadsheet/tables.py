"""Functions that spill a range: KPI_TABLE, KPI_EXPLAIN, KPI_LIST."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kpicore.calendar import Period
from kpicore.engine.explain.explain import Explanation, InputExplained, explained
from kpicore.errors import BadArgument
from kpicore.insight.bands import judged
from kpicore.model.figures import name_of
from kpicore.model.kpi_requests import KpiRequest
from kpicore.model.questions import Answer, Question, questions_of
from kpicore.spreadsheet.arguments import Arguments, CellQuestion, is_empty, kpis_of, single_cell, text_of
from kpicore.spreadsheet.values import CellFailure, CellRange, CellScalar, CellValue, answered, scalars
from kpicore.turns import pause
from kpicore.wording.inputs import function_name
from kpicore.wording.phrases import cut_words

if TYPE_CHECKING:
    from kpicore.workspace import Workspace


MOST_CELLS = 1_000_000
"""In all results of a request."""

MOST_IN_TABLE = 100_000
"""A larger table is refused: no sheet that people read is that long."""


class Room:
    """What is left for the results of a request; tables ask for theirs before they compute a value."""

    def __init__(self) -> None:
        self._left = MOST_CELLS

    def check(self, rows: int, columns: int) -> None:
        """Refuse a table for which there is no room. Raises BadArgument."""
        cells = rows * columns
        if cells > MOST_IN_TABLE:
            raise BadArgument(
                f"the table has {rows:,} rows of {columns}.", hint=f"At most {MOST_IN_TABLE:,} cells: ask for less."
            )
        if cells > self._left:
            message = f"the results of one request have at most {MOST_CELLS:,} cells, and those before take the most."
            raise BadArgument(message, hint="Ask for less at a time.")

    def take(self, rows: int, columns: int) -> None:
        """Take the room for a table. Raises BadArgument where there is none."""
        self.check(rows, columns)
        self._left -= rows * columns


def table(workspace: Workspace, reader: Arguments, room: Room, arguments: Sequence[CellValue]) -> CellRange:
    """Return KPI_TABLE: a header, then one row a period and dimension value, with the KPIs side by side.

    Raises: KpiError with one clear line.
    """
    if len(arguments) < 2:
        raise BadArgument(
            "KPI_TABLE takes KPIs and a period.",
            hint=f'=KPI_TABLE("id of a KPI", "2026", "month", "{workspace.registry.example_dimension}")',
        )
    kpis, period = kpis_of(arguments[0]), reader.period(arguments[1])
    cell = single_cell(arguments[2], "the grain") if len(arguments) > 2 else None
    grain = None if is_empty(cell) else reader.grain(cell)
    by = _dimensions(reader, arguments[3:])
    named = [reader.kpi(kpi) for kpi in kpis]
    header = (*(("period",) if grain else ()), *by, *kpis)
    # before anything is computed: a table by day and by a large dimension may have millions of cells
    _take_room(workspace, room, named, workspace.calendar.series(period, grain) if grain else (period,), by, header)
    rows = _rows(workspace.ask(KpiRequest.of(kpis, period, grain=grain, by=by)).answers, by)
    # asked anew for each row: a dimension value without rows of one KPI has a row all the same, if another has some
    questions = []
    for shown in rows.values():
        pause()
        questions += [Question(id, variant, shown.period, shown.cuts) for id, variant in named]
    values = iter(workspace.engine.answer(questions))
    body = []
    for members, start in rows:
        pause()
        first: tuple[CellScalar, ...] = (rows[members, start].period.key,) if grain else ()
        body.append((*first, *members, *(answered(next(values), workspace.wording) for _ in kpis)))
    return (header, *body)


def _dimensions(reader: Arguments, arguments: Sequence[CellValue]) -> tuple[str, ...]:
    cells = dict.fromkeys(scalar for value in arguments for scalar in scalars(value) if not is_empty(scalar))
    return tuple(dict.fromkeys(map(reader.dimension, cells)))


def _take_room(
    workspace: Workspace,
    room: Room,
    named: Sequence[tuple[str, str]],
    periods: Sequence[Period],
    by: tuple[str, ...],
    header: Sequence[str],
) -> None:
    """Refuse a table that is too large as soon as it is known: at its periods, then at its dimension values."""
    room.check(len(periods), len(header))
    members = 1
    if by:
        batches = [questions_of(kpi, periods) for kpi in named]
        # one a KPI is enough: whether it can be split so does not hang on the period
        for questions in batches:
            workspace.engine.check(questions[0], by)
        members = len(set().union(*workspace.engine.groups(batches, tuple(sorted(by)))))
    room.take(1 + len(periods) * max(members, 1), len(header))


def _rows(answers: Sequence[Answer], by: tuple[str, ...]) -> dict[tuple[tuple[str, ...], object], Question]:
    """Return a question for each dimension value and period, by period and then by value."""
    shown: dict[tuple[tuple[str, ...], object], Question] = {}
    for answer in answers:
        pause()
        cuts = dict(answer.question.cuts)
        shown[tuple(cuts[name][0] for name in by), answer.question.period.start] = answer.question
    return {key: shown[key] for key in sorted(shown, key=lambda key: (key[1], key[0]))}


def explanation(
    workspace: Workspace, cell: CellQuestion, before: Answer | None = None, change: CellScalar = None
) -> CellRange:
    """Return KPI_EXPLAIN: what was asked, the value, the inputs behind it, notes and freshness, four columns wide.

    Of a comparison also the `before` that the value is compared with, its days, and the `change`.
    """
    explained_answer = explained(workspace.engine, cell.question)
    answer, metric = explained_answer.answer, explained_answer.definition.metric
    judgement, wording = judged(answer, metric), workspace.wording
    status = judgement.status if judgement else wording.why_none(answer)
    rows: list[tuple[CellScalar, ...]] = [
        (metric.name, name_of(answer), answer.question.period.key, cut_words(answer.question.cuts)),
        ("Value", answered(answer, wording), answer.unit.name, status),
    ]
    if before is not None:
        rows.append(("Compared with", answered(before, wording), "", before.question.period.with_days))
        rows.append(("Change", change))
    if judgement:
        rows.append(("Meaning", judgement.meaning, judgement.action))
    rows += [("Means", explained_answer.definition.spec.meaning)] if explained_answer.definition.spec.meaning else []
    rows += [
        ("Formula", explained_answer.formula),
        ("Input", "Value", "Rows", "What it is"),
        *_inputs(explained_answer),
    ]
    rows += [("Note", note) for note in wording.notes(answer.notes)]
    rows.append(("Definition", answer.definition))
    rows.append(("Data", local_time(workspace), answer.data_version))
    # all rows of a range have one length
    return tuple((*row, *(None,) * (4 - len(row))) for row in rows)


def _inputs(explanation: Explanation, above: str = "") -> Iterator[tuple[CellScalar, ...]]:
    for input_ in explanation.inputs:
        yield f"{above}{input_.name}", input_.value, input_.n, _what(input_)
        if input_.below is not None:
            yield from _inputs(input_.below, f"{above}{input_.name}.")


def _what(input_: InputExplained) -> str:
    return input_.words if input_.below is None else f"{input_.words} = {input_.below.formula}"


def refusal(failure: CellFailure) -> CellRange:
    """Return KPI_EXPLAIN of what cannot be asked: where other functions show an error, it tells why."""
    return (("No answer", failure.message),)


def catalogue(reader: Arguments, room: Room, arguments: Sequence[CellValue]) -> CellRange:
    """Return KPI_LIST: id, name, unit, direction, function and meaning of the KPIs that are found."""
    cell = single_cell(arguments[0], "the text to look for") if arguments else None
    metrics = reader.listed("" if is_empty(cell) else text_of(cell, "the text to look for"))
    header = ("kpi", "name", "unit", "better", "function", "meaning")
    room.take(1 + len(metrics), len(header))
    return (header, *((m.id, m.name, m.unit.name, m.better.value, function_name(m.id), m.meaning) for m in metrics))


def local_time(workspace: Workspace) -> datetime:
    """Return the time of the data in the organisation's zone, without the zone: cells know none."""
    zone = ZoneInfo(workspace.config.timezone)
    return workspace.data_time.astimezone(zone).replace(tzinfo=None, microsecond=0)
