"""Any questions as formula cells of one workbook, each at a known address: for checks of every KPI."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kpicore import Grain
from kpicore_excel.live.formulas import Context, value_formula
from kpicore_excel.live.input_sheets import write_data
from kpicore_excel.live.input_tables import Looked, gathered
from kpicore_excel.live.list_sheet import write_lists
from kpicore_excel.live.live import Live
from kpicore_excel.live.live_kpis import LiveKpi, unique
from kpicore_excel.live.members import Choices, choices, listed
from kpicore_excel.live.request import Asked
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
class CellAsked:
    """A KPI ("win_rate.created"), a period and members by dimension, one of each."""

    kpi: str
    period: str
    cuts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Ready:
    kpi: LiveKpi
    period: Period
    members: dict[str, tuple[str, ...]]


def write_cells(workspace: Workspace, asked: Sequence[CellAsked], file: Path) -> list[str]:
    """Write a workbook in which each question is a formula cell, and return their addresses ("D2"), in order.

    They stand on the sheet "Cells", with KPI, period and cuts beside; the sheets of inputs and "Lists" hold what
    they read, as in a workbook for people: a period that is made of months is summed up from months.

    Raises: KpiError with one line for a question that cannot be asked, or a file that cannot be written.
    """
    ready = _ready(workspace, asked)
    times = _times(workspace, [each.period for each in ready])
    kpis = tuple({each.kpi.key: each.kpi for each in ready}.values())
    members = _choices(workspace, kpis, times, ready)
    about = Asked(kpis, times, members)
    looked = _looked(about, ready)
    with whole_workbook(file) as book:
        live = Live(workspace, about, gathered(workspace, about, looked), Looks(book, workspace.wording))
        sheet = book.add_worksheet(SHEET)
        put_row(sheet, 0, 0, ("KPI", "Period", "Cuts", "Value"), live.looks.header())
        numbers = {each.dimension: each.numbers() for each in members}
        for row, each in enumerate(ready, FIRST_ROW):
            put_text(sheet, row, 0, each.kpi.definition.place, live.looks.get())
            put_text(sheet, row, 1, each.period.key, live.looks.get())
            put_text(
                sheet, row, 2, ", ".join(f"{name}: {member}" for name, member in each.members.items()), live.looks.get()
            )
            formula = value_formula(each.kpi, live.inputs, _context(about, looked, numbers, each), each.kpi.by)
            sheet.write_formula(row, VALUE, formula, None, cached(live.answer(each.kpi, each.period, each.members)))
        write_data(book, about, live.inputs, live.looks)
        write_lists(book, book.add_worksheet("Lists"), about, live.inputs, workspace.engine.today, live.looks)
    return [cell_address(row, VALUE) for row in range(FIRST_ROW, FIRST_ROW + len(ready))]


def _ready(workspace: Workspace, asked: Sequence[CellAsked]) -> list[_Ready]:
    """Return the questions checked, with one KPI for each variant and set of dimensions."""
    kpis: dict[tuple[str, str, tuple[str, ...]], LiveKpi] = {}
    found = []
    for each in asked:
        named = workspace.definitions.named(each.kpi)
        cuts = workspace.cuts(each.cuts)
        by = tuple(name for name, _ in cuts)
        if (*named, by) not in kpis:
            definition = workspace.definitions.get(*named)
            key = unique(definition.place.replace(".", "_"), {one.key for one in kpis.values()})
            kpis[*named, by] = LiveKpi(definition, by, definition.spec.needs_cut, key)
        kpi = kpis[*named, by]
        period = workspace.period(each.period)
        workspace.engine.check(kpi.question(period, cuts))
        found.append(_Ready(kpi, period, dict(cuts)))
    return found


def _times(workspace: Workspace, periods: Sequence[Period]) -> Times:
    found = Times()
    for period in dict.fromkeys(periods):
        tiles = workspace.calendar.tiles(period, Grain.MONTH)
        for id in tiles or ():
            found.add_part(workspace.calendar.by_id(Grain.MONTH, id))
        found.add(period, tiles, Grain.MONTH)
    found.offered = len(found.spans)
    return found


def _choices(
    workspace: Workspace, kpis: Sequence[LiveKpi], times: Times, ready: Sequence[_Ready]
) -> tuple[Choices, ...]:
    """Return the members with rows, and those that are asked for."""
    by = tuple(sorted({name for each in kpis for name in each.by}))
    found = []
    for choice in choices(workspace, kpis, times, by, ()):
        groups = [one.members for one in choice.choices]
        groups += [one.members[choice.dimension] for one in ready if choice.dimension in one.members]
        found.append(listed(choice.dimension, dict.fromkeys(groups)))
    return tuple(found)


def _looked(asked: Asked, ready: Sequence[_Ready]) -> list[Looked]:
    found = [Looked(asked.times.number(each.period), each.members, asked.cuts(each.members)) for each in ready]
    return [each for at, each in enumerate(found) if each not in found[:at]]


def _context(asked: Asked, looked: Sequence[Looked], numbers: Mapping[str, Mapping[str, int]], each: _Ready) -> Context:
    number = asked.times.number(each.period)
    span = asked.times.spans[number - 1]
    row = 1 + next(at for at, one in enumerate(looked) if (one.period, one.members) == (number, each.members))
    criteria = {name: str(numbers[name][members[0]]) for name, members in each.members.items()}
    chosen = dict.fromkeys(each.members, "")
    return Context(str(span.first), str(span.last), str(number), str(row), criteria, chosen, every={})
