"""Any questions as formula cells of one workbook, each at a known address: for checks of every KPI."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kpicore import Grain
from kpicore_excel.live.formulas import FormulaContext, value_formula
from kpicore_excel.live.input_sheets import write_data
from kpicore_excel.live.input_tables import Lookup, gathered
from kpicore_excel.live.list_sheet import write_lists
from kpicore_excel.live.live import Live
from kpicore_excel.live.live_kpis import LiveKpi, unique
from kpicore_excel.live.members import MemberList, member_list, member_lists
from kpicore_excel.live.request import WorkbookRequest
from kpicore_excel.live.sheet_cells import cached
from kpicore_excel.live.times import Times
from kpicore_xlsx.addresses import cell_address
from kpicore_xlsx.cells import put_row, put_text
from kpicore_xlsx.workbooks import Looks, whole_workbook

if TYPE_CHECKING:
    from kpicore import Period, Workspace

SHEET = "Cells"
FIRST_ROW, VALUE = 1, 3
"""The row of the first question's cell, and the column of all values, both from 0."""


@dataclass(frozen=True, slots=True)
class QuestionCell:
    """A KPI ("win_rate.created"), a period and members by dimension, one of each."""

    kpi: str
    period: str
    cuts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _CheckedQuestion:
    kpi: LiveKpi
    period: Period
    members: dict[str, tuple[str, ...]]


def write_cells(workspace: Workspace, questions: Sequence[QuestionCell], file: Path) -> list[str]:
    """Write a workbook in which each question is a formula cell, and return their addresses ("D2"), in order.

    They stand on the sheet "Cells", with KPI, period and cuts beside; the sheets of inputs and "Lists" hold what
    they read, as in a workbook for people: a period that is made of months is summed up from months.

    Raises: KpiError with one line for a question that cannot be asked, or a file that cannot be written.
    """
    ready = _checked(workspace, questions)
    times = _times(workspace, [cell.period for cell in ready])
    kpis = tuple({cell.kpi.key: cell.kpi for cell in ready}.values())
    lists = _lists(workspace, kpis, times, ready)
    request = WorkbookRequest(kpis, times, lists)
    lookups = _lookups(request, ready)
    with whole_workbook(file) as book:
        live = Live(workspace, request, gathered(workspace, request, lookups), Looks(book, workspace.wording))
        sheet = book.add_worksheet(SHEET)
        put_row(sheet, 0, 0, ("KPI", "Period", "Cuts", "Value"), live.looks.header())
        numbers = {members.dimension: members.numbers() for members in lists}
        for row, cell in enumerate(ready, FIRST_ROW):
            put_text(sheet, row, 0, cell.kpi.definition.place, live.looks.get())
            put_text(sheet, row, 1, cell.period.key, live.looks.get())
            put_text(
                sheet, row, 2, ", ".join(f"{name}: {member}" for name, member in cell.members.items()), live.looks.get()
            )
            formula = value_formula(cell.kpi, live.inputs, _context(request, lookups, numbers, cell), cell.kpi.by)
            sheet.write_formula(row, VALUE, formula, None, cached(live.answer(cell.kpi, cell.period, cell.members)))
        write_data(book, request, live.inputs, live.looks)
        write_lists(book, book.add_worksheet("Lists"), request, live.inputs, live.looks)
    return [cell_address(row, VALUE) for row in range(FIRST_ROW, FIRST_ROW + len(ready))]


def _checked(workspace: Workspace, questions: Sequence[QuestionCell]) -> list[_CheckedQuestion]:
    """Return the questions checked, with one KPI for each variant and set of dimensions."""
    kpis: dict[tuple[str, str, tuple[str, ...]], LiveKpi] = {}
    ready = []
    for question in questions:
        variant = workspace.definitions.named(question.kpi)
        cuts = workspace.cuts(question.cuts)
        by = tuple(name for name, _ in cuts)
        # A KPI for each set of dimensions: whether its inputs add up depends on them.
        if (*variant, by) not in kpis:
            definition = workspace.definitions.get(*variant)
            key = unique(definition.place.replace(".", "_"), {kpi.key for kpi in kpis.values()})
            kpis[*variant, by] = LiveKpi(definition, by, definition.spec.needs_cut, key)
        kpi = kpis[*variant, by]
        period = workspace.period(question.period)
        workspace.engine.check(kpi.question(period, cuts))
        ready.append(_CheckedQuestion(kpi, period, dict(cuts)))
    return ready


def _times(workspace: Workspace, periods: Sequence[Period]) -> Times:
    times = Times()
    for period in dict.fromkeys(periods):
        tiles = workspace.calendar.tiles(period, Grain.MONTH)
        for id in tiles or ():
            times.add_part(workspace.calendar.by_id(Grain.MONTH, id))
        times.add(period, tiles, Grain.MONTH)
    times.offered = len(times.spans)
    return times


def _lists(
    workspace: Workspace, kpis: Sequence[LiveKpi], times: Times, ready: Sequence[_CheckedQuestion]
) -> tuple[MemberList, ...]:
    """Return the members with rows, and those that are asked for."""
    by = tuple(sorted({name for kpi in kpis for name in kpi.by}))
    lists = []
    for members in member_lists(workspace, kpis, times, by, ()):
        groups = [choice.members for choice in members.choices]
        groups += [cell.members[members.dimension] for cell in ready if members.dimension in cell.members]
        lists.append(member_list(members.dimension, dict.fromkeys(groups)))
    return tuple(lists)


def _lookups(request: WorkbookRequest, ready: Sequence[_CheckedQuestion]) -> list[Lookup]:
    lookups = [Lookup(request.times.number(cell.period), cell.members, request.cuts(cell.members)) for cell in ready]
    return [lookup for at, lookup in enumerate(lookups) if lookup not in lookups[:at]]


def _context(
    request: WorkbookRequest,
    lookups: Sequence[Lookup],
    numbers: Mapping[str, Mapping[str, int]],
    cell: _CheckedQuestion,
) -> FormulaContext:
    number = request.times.number(cell.period)
    span = request.times.spans[number - 1]
    row = 1 + next(at for at, lookup in enumerate(lookups) if (lookup.period, lookup.members) == (number, cell.members))
    criteria = {name: str(numbers[name][members[0]]) for name, members in cell.members.items()}
    chosen = dict.fromkeys(cell.members, "")
    return FormulaContext(str(span.first), str(span.last), str(number), str(row), criteria, chosen, unchosen={})
