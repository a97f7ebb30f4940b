"""One sheet a family: every KPI by month, by sales rep, and by the dimension that gives it its meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpicore import LOWER, NONE
from kpicore_xlsx.addresses import sheet_name
from kpicore_xlsx.cells import put_answer, put_date, put_number, put_row, put_text
from kpicore_xlsx.number_formats import MONTH_FORMAT
from kpicore_xlsx.sections import one_page_wide, put_title
from kpicore_xlsx.styles import PAPER, SHADE
from kpicore_xlsx.summary.contents import Summary, SummaryBreakdown, SummaryLine, family_of
from kpicore_xlsx.summary.kpi_table import write_heads, write_lines
from kpicore_xlsx.summary.trends import Places
from kpicore_xlsx.workbooks import Looks

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_HEAD = 3
_WIDTH = 12.5


def write_families(book: Workbook, summary: Summary, at: Places, looks: Looks) -> None:
    """Write one sheet for each family of KPIs."""
    taken = {"overview", "trends", "catalogue", "about the data"}
    for family in summary.families:
        name = sheet_name(family, taken)
        taken.add(name.casefold())
        _write_family(book.add_worksheet(name), family, summary, at, looks)


def _write_family(sheet: Worksheet, family: str, summary: Summary, at: Places, looks: Looks) -> None:
    lines = [line for line in summary.lines if family_of(line.metric) == family]
    tables = [breakdown for breakdown in summary.breakdowns if family_of(breakdown.metric) == family]
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 2)
    sheet.set_column(1, 1, 34)
    sheet.set_column(2, 1 + len(summary.months), _WIDTH)
    put_title(sheet, family.capitalize(), _subtitle(summary), looks)
    write_heads(sheet, _HEAD, summary, looks)
    row = write_lines(sheet, _HEAD + 1, [line for line in lines if line.now], summary, at, looks)
    row = _write_months(sheet, [line for line in lines if line.months], summary, row + 1, looks)
    row = _write_reps(sheet, [line for line in lines if set(line.by_rep) - {NONE}], summary, row + 2, looks)
    for table in tables:
        row = _write_breakdown(sheet, table, row + 2, looks)
    sheet.freeze_panes(2, 2)
    one_page_wide(sheet)
    sheet.set_margins(0.4, 0.4, 0.4, 0.5)
    sheet.print_area(0, 0, row, 1 + len(summary.months))


def _subtitle(summary: Summary) -> str:
    period = f"{summary.period} {summary.progress}".rstrip()
    return f"By month up to {summary.today:%d %B %Y}, and by sales rep in {period}."


def _write_months(sheet: Worksheet, lines: list[SummaryLine], summary: Summary, row: int, looks: Looks) -> int:
    sheet.set_row(row, 22)
    put_text(sheet, row, 1, "By month", looks.header(indent=1))
    for place, month in enumerate(summary.months):
        put_date(sheet, row, 2 + place, month.start, looks.header(num_format=MONTH_FORMAT, align="right"))
    for line in lines:
        row += 1
        put_text(sheet, row, 1, line.metric.name, looks.body(indent=1))
        for place, answer in enumerate(line.months):
            put_answer(sheet, row, 2 + place, answer, looks)
    return row


def _write_reps(sheet: Worksheet, lines: list[SummaryLine], summary: Summary, row: int, looks: Looks) -> int:
    """Write a row a KPI and a column a rep, in the order of names: it is not a contest."""
    reps = sorted({rep for line in lines for rep in line.by_rep}, key=lambda rep: (rep == NONE, rep))
    if not reps:
        # the caller left two rows free, which are not needed
        return row - 2
    sheet.set_row(row, 32)
    put_text(sheet, row, 1, f"By sales rep, {summary.period}", looks.header(indent=1))
    put_row(sheet, row, 2, reps, looks.header(align="right"))
    for line in lines:
        row += 1
        put_text(sheet, row, 1, line.metric.name, looks.body(indent=1))
        for place, rep in enumerate(reps):
            answer = line.by_rep.get(rep)
            if answer is None:
                put_text(sheet, row, 2 + place, "–", looks.body(align="right"))
            else:
                put_answer(sheet, row, 2 + place, answer, looks)
        _shade(sheet, row, 2, row, 1 + len(reps), lower=line.metric.better is LOWER)
    return row


def _shade(sheet: Worksheet, row: int, column: int, last_row: int, last_column: int, *, lower: bool) -> None:
    """Shade the better half of a KPI, so that a row can be read at a glance."""
    pale, full = PAPER, SHADE
    scale = {"type": "2_color_scale", "min_color": full if lower else pale, "max_color": pale if lower else full}
    sheet.conditional_format(row, column, last_row, last_column, scale)


def _write_breakdown(sheet: Worksheet, table: SummaryBreakdown, row: int, looks: Looks) -> int:
    put_text(sheet, row, 1, f"{table.metric.name} by {table.dimension.replace('_', ' ')}", looks.header(indent=1))
    put_row(sheet, row, 2, ["Value", "Rows"], looks.header(align="right"))
    first = row + 1
    for member, answer in table.answers.items():
        row += 1
        put_text(sheet, row, 1, member, looks.body(indent=1))
        put_answer(sheet, row, 2, answer, looks)
        put_number(sheet, row, 3, answer.n, looks, num_format="#,##0")
    if row >= first:
        _shade(sheet, first, 2, row, 2, lower=table.metric.better is LOWER)
    return row
