"""The sheet of KPIs by the members of a dimension, for the period that is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from kpicore import AddsUp
from kpicore_excel.live import steps
from kpicore_excel.live.formulas import Block, value_formula
from kpicore_excel.live.input_sheets import FIRST_ROW, SHEETS, columns_of
from kpicore_excel.live.live import Live
from kpicore_excel.live.live_kpis import LiveKpi
from kpicore_excel.live.members import ALL, MemberList
from kpicore_excel.live.places import CHOSEN_PERIOD, member_context
from kpicore_excel.live.sheet_cells import cached, grey_errors, heading
from kpicore_xlsx.addresses import cell_address, sheet_name
from kpicore_xlsx.cells import put_comment, put_number, put_text
from kpicore_xlsx.number_formats import number_format
from kpicore_xlsx.sections import draw_bars, one_page_wide, put_title
from kpicore_xlsx.styles import BAND, FAINT

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

HEAD, NAME, NUMBER, FIRST = 3, 1, 2, 3
TOTAL = HEAD + 1


def sheet_names(lists: Iterable[MemberList]) -> dict[str, str]:
    """Return the name of each dimension's sheet, "By rep"."""
    names: dict[str, str] = {}
    for members in lists:
        taken = {name.casefold() for name in (steps.SHEET, *names.values())}
        names[members.dimension] = sheet_name(f"by {members.dimension.replace('_', ' ')}", taken)
    return names


def kpis_of(live: Live, dimension: str) -> list[LiveKpi]:
    """Return the KPIs that can be cut by the dimension."""
    return [kpi for kpi in live.request.kpis if dimension in kpi.by]


def write_members(sheet: Worksheet, live: Live, members: MemberList) -> None:
    """Write the sheet: a row for all, and one a member; a column a KPI."""
    looks, dimension = live.looks, members.dimension
    kpis = kpis_of(live, dimension)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 2)
    sheet.set_column(NAME, NAME, 30)
    sheet.set_column(NUMBER, NUMBER, 6)
    sheet.set_column(FIRST, FIRST + len(kpis) - 1, 16)
    put_title(sheet, sheet.get_name(), f"Each KPI by {dimension}, in the period that is chosen. {live.stamp}", looks)
    whole = live.request.times.at(live.request.times.offered)
    others = [name for name in live.request.by if name != dimension]
    words = "".join(f'&", {other}: "&chosen_{other}' for other in others) or '&""'
    shown = "".join(f", {other}: {ALL}" for other in others)
    sheet.write_formula(2, NAME, f"={CHOSEN_PERIOD}{words}", looks.get(italic=True), f"{whole}{shown}")
    sheet.set_row(HEAD, 32)
    put_text(sheet, HEAD, NAME, heading(dimension), looks.header(indent=1))
    put_text(sheet, HEAD, NUMBER, "no.", looks.header(align="right"))
    for place, kpi in enumerate(kpis):
        put_text(sheet, HEAD, FIRST + place, kpi.name, looks.header(align="right"))
        if kpi.definition.spec.meaning:
            put_comment(sheet, HEAD, FIRST + place, kpi.definition.spec.meaning)
    put_text(sheet, TOTAL, NAME, ALL, looks.body(indent=1, bold=True, bg_color=BAND))
    put_text(sheet, TOTAL, NUMBER, ">=0", looks.body(font_size=8, font_color=FAINT, align="right", bg_color=BAND))
    for row, choice in enumerate(members.choices, TOTAL + 1):
        put_text(sheet, row, NAME, choice.label, looks.body(indent=1))
        put_number(sheet, row, NUMBER, choice.number, looks, font_size=8, font_color=FAINT)
    last = TOTAL + len(members.choices)
    grey_errors(sheet, (TOTAL, FIRST, last, FIRST + len(kpis) - 1), looks)
    blocks = _blocks(live, members)
    for place, kpi in enumerate(kpis):
        _write_kpi(sheet, live, kpi, members, FIRST + place, blocks)
    sheet.freeze_panes(TOTAL + 1, FIRST)
    sheet.autofilter(HEAD, NAME, last, FIRST + len(kpis) - 1)
    sheet.print_area(0, 0, last, FIRST + len(kpis) - 1)
    one_page_wide(sheet, HEAD)


def _blocks(live: Live, members: MemberList) -> dict[int, dict[AddsUp, Block]]:
    """Return, where members are many, the rows of each in the tables of inputs, by its number."""
    # Only the rows of the widest dimension stand together by member: InputTable.ordered.
    if not members.many or members is not live.request.lists[live.request.widest]:
        return {}
    blocks: dict[int, dict[AddsUp, Block]] = {choice.number: {} for choice in members.choices}
    for kind in (AddsUp.TIME_AND_CUTS, AddsUp.CUTS):
        table = live.inputs.tables[kind]
        columns, rows = columns_of(live.request, table), table.blocks(live.request.widest)
        for number, own in blocks.items():
            first, last = rows.get(number, (1, 1))  # a member without rows meets none in any row
            own[kind] = Block(SHEETS[kind][0], columns, FIRST_ROW + first - 1, FIRST_ROW + last - 1)
    return blocks


def _write_kpi(
    sheet: Worksheet,
    live: Live,
    kpi: LiveKpi,
    member_list: MemberList,
    column: int,
    blocks: Mapping[int, Mapping[AddsUp, Block]],
) -> None:
    """Write the column of a KPI; `blocks` are the rows of each member, by its number, where they are known."""
    shown = number_format(kpi.definition.unit)
    whole = live.request.times.at(live.request.times.offered)
    for row in range(TOTAL, TOTAL + 1 + len(member_list.choices)):
        look = {"bold": True, "bg_color": BAND} if row == TOTAL else {}
        style = live.looks.body(num_format=shown, align="right", **look)
        if row == TOTAL and member_list.dimension in kpi.needs:
            put_text(sheet, row, column, "–", style)
            continue
        members = {} if row == TOTAL else {member_list.dimension: member_list.choices[row - TOTAL - 1].members}
        cell = cell_address(row, NUMBER, fixed_column=True)
        number = 0 if row == TOTAL else member_list.choices[row - TOTAL - 1].number
        context = member_context(live.request, member_list.dimension, cell, blocks.get(number, {}))
        formula = value_formula(kpi, live.inputs, context, live.request.by)
        sheet.write_formula(row, column, formula, style, cached(live.answer(kpi, whole, members)))
    draw_bars(sheet, (TOTAL + 1, column, TOTAL + max(len(member_list.choices), 1), column))
