"""Functions that spill a range: KPI_TABLE, KPI_EXPLAIN, KPI_LIST."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kpicore.engine.explain.explain import Explanation, InputExplained, explained
from kpicore.errors import BadArgument
from kpicore.insight.bands import judged
from kpicore.model.figures import name_of
from kpicore.model.kpi_requests import KpiRequest
from kpicore.model.narrowing import Narrowing
from kpicore.model.questions import Answer
from kpicore.spreadsheet.arguments import Arguments, CellQuestion, is_empty, kpis_of, single_cell, text_of
from kpicore.spreadsheet.kpi_table import table_within
from kpicore.spreadsheet.narrowed import narrowed_wording, refs_outside
from kpicore.spreadsheet.room import Room
from kpicore.spreadsheet.table_columns import VALUE
from kpicore.spreadsheet.values import CellFailure, CellRange, CellScalar, CellValue, answered, scalars
from kpicore.wording.inputs import function_name
from kpicore.wording.phrases import cut_words

if TYPE_CHECKING:
    from kpicore.workspace import Workspace


_OTHER = "a KPI that this token may not ask"
_SILENT = "what there is to know of rows that this token may not ask is left out"


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
    for kpi in kpis:
        reader.kpi(kpi)  # a refusal is kept, for the next thousand of them
    request = KpiRequest.of(kpis, period, grain=grain, by=by, where=dict(reader.own_cuts()))
    wording = narrowed_wording(reader.narrowing, workspace.wording)
    shown = table_within(room, workspace, request, [VALUE], wording)
    return (shown.header, *shown.rows)


def _dimensions(reader: Arguments, arguments: Sequence[CellValue]) -> tuple[str, ...]:
    cells = dict.fromkeys(scalar for value in arguments for scalar in scalars(value) if not is_empty(scalar))
    return tuple(dict.fromkeys(map(reader.dimension, cells)))


def explanation(
    workspace: Workspace,
    narrowing: Narrowing,
    cell: CellQuestion,
    before: Answer | None = None,
    change: CellScalar = None,
) -> CellRange:
    """Return KPI_EXPLAIN: what was asked, the value, the inputs behind it, notes and freshness, four columns wide.

    Of a comparison also the `before` that the value is compared with, its days, and the `change`. Of inputs that are
    KPIs outside of the `narrowing` it tells what they are, and no number.
    """
    explained_answer = explained(workspace.engine, cell.question)
    answer, metric = explained_answer.answer, explained_answer.definition.metric
    judgement, wording = judged(answer, metric), narrowed_wording(narrowing, workspace.wording)
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
        *_inputs(explained_answer, narrowing),
    ]
    rows += [("Note", note) for note in wording.notes(answer.notes)]
    rows += [("Note", _SILENT)] if narrowing.where else []
    rows.append(("Definition", answer.definition))
    rows.append(("Data", local_time(workspace, answer.data_time), answer.data_version))
    # all rows of a range have one length
    return tuple((*row, *(None,) * (4 - len(row))) for row in rows)


def _inputs(explanation: Explanation, narrowing: Narrowing, above: str = "") -> Iterator[tuple[CellScalar, ...]]:
    outside = {*refs_outside(narrowing, explanation.definition)}
    for input_ in explanation.inputs:
        name = f"{above}{input_.name}"
        if input_.name in outside:
            yield name, None, None, f"{input_.words}, {_OTHER}"
            continue
        yield name, input_.value, input_.n, _what(input_)
        if input_.below is not None:
            yield from _inputs(input_.below, narrowing, f"{name}.")


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


def local_time(workspace: Workspace, moment: datetime | None = None) -> datetime:
    """Return an instant, that of the latest data without one, in the organisation's zone and without it: cells know
    none.
    """
    zone = ZoneInfo(workspace.config.timezone)
    return (moment or workspace.data_time).astimezone(zone).replace(tzinfo=None, microsecond=0)
