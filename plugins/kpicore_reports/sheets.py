"""A report as a workbook, in the looks of kpicore's workbook, with native charts.

Figures and tables stand on one sheet, each list of rows on its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpicore import KpiError, time_words
from kpicore_excel.cells import put_answer, put_comment, put_date, put_missing, put_number, put_row, put_text, put_title
from kpicore_excel.families import sheet_name
from kpicore_excel.looks import AMBER, BAD, DAY_FORMAT, GOOD, LINE, MONTH_FORMAT, MUTED, TEAL, Looks, number_format
from kpicore_reports.filled import (
    FigureTable,
    FilledReport,
    Line,
    MemberTable,
    MonthTable,
    MyTable,
    Number,
    RowTable,
)
from kpicore_reports.words import change_of, is_numeric

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_LABEL, _FIRST = 1, 2
_CHART_ROWS = 14
_CHARTS = {"bars": "bar", "funnel": "bar"}


def write_sheets(report: FilledReport, file: Path) -> None:
    """Write the workbook. The same report gives the same file. Raises KpiError when it cannot be written."""
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    book = Workbook(str(file), _OPTIONS)
    book.set_properties({"title": report.name, "created": report.data_time.replace(tzinfo=None)})
    looks = Looks(book)
    taken: set[str] = set()

    def add(title: str) -> Worksheet:
        name = sheet_name(title, taken)
        taken.add(name.casefold())
        sheet = book.add_worksheet(name)
        sheet.hide_gridlines(2)
        put_title(sheet, title, f"{report.company}. {report.subtitle}. Amounts in {report.currency}.", looks)
        return sheet

    _write_report(book, add(report.name), report, looks)
    for section in report.sections:
        if isinstance(section, RowTable):
            _write_rows(add(section.title), section, looks)
    try:
        book.close()
    except (FileCreateError, OSError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise KpiError(f"{file}: cannot be written ({reason}).", hint="Close it where it is open.") from error


def _write_report(book: Workbook, sheet: Worksheet, report: FilledReport, looks: Looks) -> None:
    sheet.set_column(0, 0, 2)
    sheet.set_column(_LABEL, _LABEL, 36)
    width = _width(report)
    sheet.set_column(_FIRST, width, 13)
    row = 3
    for section in report.sections:
        match section:
            case FigureTable():
                row = _heading(sheet, row, section.title, width, looks)
                row = _write_figures(sheet, row, section, report, looks)
            case MyTable():
                row = _heading(sheet, row, section.title, width, looks)
                row = _write_mine(sheet, row, section, looks)
            case MemberTable():
                row = _heading(sheet, row, section.title, width, looks)
                row = _write_members(book, sheet, row, section, looks)
            case MonthTable():
                row = _heading(sheet, row, section.title, width, looks)
                row = _write_months(book, sheet, row, section, looks)
            case RowTable():
                continue
        row += 2
    row = _write_notes(sheet, row, width, report, looks)
    _for_print(sheet, row, width)
    sheet.set_portrait()


def _width(report: FilledReport) -> int:
    """Return the last column that a section of the report needs."""
    widths = [len(each.kpis) for each in report.sections if isinstance(each, MemberTable)]
    return _FIRST + max(6, *widths, 6) - 1


def _for_print(sheet: Worksheet, row: int, column: int) -> None:
    sheet.freeze_panes(2, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(0.4, 0.4, 0.4, 0.5)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, row, column)
    sheet.set_footer("&L&8&F&R&8Page &P of &N")


def _heading(sheet: Worksheet, row: int, title: str, last: int, looks: Looks) -> int:
    for column in range(_LABEL, last + 1):
        put_text(sheet, row, column, title if column == _LABEL else "", looks.section)
    return row + 1


def _write_figures(sheet: Worksheet, row: int, section: FigureTable, report: FilledReport, looks: Looks) -> int:
    put_text(sheet, row, _LABEL, "KPI", looks.header(indent=1))
    heads = ["To date" if report.progress else str(report.period), "Rows", "Before", "Change", "Target", "Reached"]
    put_row(sheet, row, _FIRST, heads, looks.header(align="right"))
    for number in section.numbers:
        row += 1
        _put_label(sheet, row, number, looks)
        _put_number(sheet, row, _FIRST, number, looks, bold=True)
        put_number(sheet, row, _FIRST + 1, number.n, looks, num_format="#,##0", font_color=MUTED)
        _put_before(sheet, row, _FIRST + 2, number, looks)
        _put_change(sheet, row, _FIRST + 3, number, looks)
        put_number(sheet, row, _FIRST + 4, number.target, looks, num_format=number_format(number.kpi.unit))
        put_number(sheet, row, _FIRST + 5, number.reached, looks, num_format="0%")
        if number.reached is not None:
            bar = {"type": "data_bar", "bar_color": "#A7D3CF", "bar_solid": True, "bar_border_color": "#A7D3CF"}
            ends = {"min_type": "num", "max_type": "num", "min_value": 0, "max_value": 1}
            sheet.conditional_format(row, _FIRST + 5, row, _FIRST + 5, {**bar, **ends})
    return row


def _put_label(sheet: Worksheet, row: int, number: Number, looks: Looks) -> None:
    put_text(sheet, row, _LABEL, number.kpi.title, looks.body(indent=1))
    if number.kpi.meaning:
        put_comment(sheet, row, _LABEL, number.kpi.meaning)


def _put_number(sheet: Worksheet, row: int, column: int, number: Number, looks: Looks, **style: Any) -> None:
    if number.answer is None and not number.why:
        put_text(sheet, row, column, "–", looks.body(align="right", font_color=MUTED))
    elif number.answer is None:
        put_missing(sheet, row, column, number.why, looks, **style)
    else:
        put_answer(sheet, row, column, number.answer, looks, **style)
        if number.kpi.is_rate and number.value is not None:
            put_comment(sheet, row, column, f"{number.n:,} rows stand behind it.")


def _put_before(sheet: Worksheet, row: int, column: int, number: Number, looks: Looks) -> None:
    if number.before is None:
        put_text(sheet, row, column, "", looks.body())
    else:
        put_answer(sheet, row, column, number.before, looks, font_color=MUTED)


def _put_change(sheet: Worksheet, row: int, column: int, number: Number, looks: Looks) -> None:
    """Write the change in words with its arrow; green is good news and red is bad."""
    words, good = change_of(number)
    colour = MUTED if good is None else GOOD if good else BAD
    put_text(sheet, row, column, words, looks.body(align="right", font_color=colour))


def _write_mine(sheet: Worksheet, row: int, section: MyTable, looks: Looks) -> int:
    put_text(sheet, row, _LABEL, "KPI", looks.header(indent=1))
    heads = [section.me, "Rows", "Before", "Change", "Median", "Of reps"]
    put_row(sheet, row, _FIRST, heads, looks.header(align="right"))
    for each in section.numbers:
        row += 1
        number = each.number
        _put_label(sheet, row, number, looks)
        _put_number(sheet, row, _FIRST, number, looks, bold=True)
        put_number(sheet, row, _FIRST + 1, number.n, looks, num_format="#,##0", font_color=MUTED)
        _put_before(sheet, row, _FIRST + 2, number, looks)
        _put_change(sheet, row, _FIRST + 3, number, looks)
        if each.median is None:
            put_missing(sheet, row, _FIRST + 4, each.why, looks)
        else:
            put_number(sheet, row, _FIRST + 4, each.median, looks, num_format=number_format(number.kpi.unit))
        put_number(sheet, row, _FIRST + 5, each.members, looks, num_format="#,##0", font_color=MUTED)
    return row


def _write_members(book: Workbook, sheet: Worksheet, row: int, section: MemberTable, looks: Looks) -> int:
    by = " and ".join(each.replace("_", " ") for each in section.by)
    sheet.set_row(row, 30)
    put_text(sheet, row, _LABEL, by.capitalize(), looks.header(indent=1))
    put_row(sheet, row, _FIRST, [each.title for each in section.kpis], looks.header(align="right"))
    first = row + 1
    for line in section.lines:
        row += 1
        _put_line(sheet, row, line, looks)
    last = row
    if section.lines:
        row += 1
        _put_line(sheet, row, section.whole, looks, bold=True)
    if section.chart and section.lines:
        chart = book.add_chart({"type": _CHARTS[section.chart]})
        chart.add_series(
            {
                "name": section.kpis[0].title,
                "categories": [sheet.name, first, _LABEL, last, _LABEL],
                "values": [sheet.name, first, _FIRST, last, _FIRST],
                "fill": {"color": TEAL},
                "gap": 40 if section.chart == "bars" else 12,
                "data_labels": {"value": True, "num_format": number_format(section.kpis[0].unit)},
            }
        )
        # the first line at the top, as in the table
        chart.set_y_axis({"reverse": True, "line": {"none": True}, "major_tick_mark": "none"})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
        chart.set_legend({"none": True})
        row = _place(sheet, row + 2, chart, f"{section.kpis[0].title} by {by}", max(8, len(section.lines) + 3))
    return row


def _put_line(sheet: Worksheet, row: int, line: Line, looks: Looks, **style: Any) -> None:
    put_text(sheet, row, _LABEL, line.label, looks.body(indent=1, **style))
    for column, number in enumerate(line.numbers, _FIRST):
        _put_number(sheet, row, column, number, looks, **style)


def _place(sheet: Worksheet, row: int, chart: Any, title: str, rows: int) -> int:
    """Insert a chart over `rows` rows; return the last of them."""
    chart.set_title({"name": title, "name_font": {"size": 11, "bold": True}, "overlay": False})
    chart.set_chartarea({"border": {"color": LINE}})
    chart.set_size({"width": 840, "height": rows * 20})
    sheet.insert_chart(row, _LABEL, chart, {"object_position": 2})
    return row + rows


def _write_months(book: Workbook, sheet: Worksheet, row: int, section: MonthTable, looks: Looks) -> int:
    """Write a row a month, a column a KPI and one for its target; then a chart for each KPI."""
    put_text(sheet, row, _LABEL, "Month", looks.header(indent=1))
    first, column = row + 1, _FIRST
    for at, month in enumerate(section.months):
        look = looks.body(num_format=MONTH_FORMAT, align="left", indent=1)
        put_date(sheet, first + at, _LABEL, month.start, look)
    last = row + len(section.months)
    end = last
    for line in section.lines:
        _put_months(sheet, row, column, line.label, [each.value for each in line.numbers], line, looks)
        chart = book.add_chart({"type": "line"})
        chart.add_series(_series(sheet, line.label, first, last, column, TEAL))
        if any(each.target is not None for each in line.numbers):
            column += 1
            _put_months(sheet, row, column, "Target", [each.target for each in line.numbers], line, looks)
            chart.add_series(_series(sheet, "Target", first, last, column, AMBER, dash_type="dash"))
        column += 1
        font = {"size": 9, "color": MUTED}
        chart.set_x_axis({"num_font": font, "num_format": "mmm yy", "text_axis": True})
        chart.set_y_axis({"num_font": font, "min": 0, "major_gridlines": {"visible": True, "line": {"color": LINE}}})
        chart.set_legend({"position": "top", "font": font})
        chart.show_blanks_as("gap")
        end = _place(sheet, end + 2, chart, f"{line.label} by month", _CHART_ROWS)
    return end


def _put_months(
    sheet: Worksheet, row: int, column: int, title: str, values: Sequence[float | None], line: Line, looks: Looks
) -> None:
    put_text(sheet, row, column, title, looks.header(align="right"))
    for at, value in enumerate(values, 1):
        # An empty cell is a gap in a chart; a text would be drawn as zero.
        put_number(sheet, row + at, column, value, looks, num_format=number_format(line.numbers[0].kpi.unit))


def _series(
    sheet: Worksheet, name: str, first: int, last: int, column: int, colour: str, **dashes: str
) -> dict[str, Any]:
    return {
        "name": name,
        "categories": [sheet.name, first, _LABEL, last, _LABEL],
        "values": [sheet.name, first, column, last, column],
        "line": {"color": colour, "width": 2.25, **dashes},
        "marker": {"type": "none" if dashes else "circle", "size": 5, "fill": {"color": colour}},
    }


def _write_notes(sheet: Worksheet, row: int, width: int, report: FilledReport, looks: Looks) -> int:
    small = looks.get(font_size=9, indent=1, font_color=MUTED)
    if report.notes:
        row = _heading(sheet, row, "Notes", width, looks)
        for note in report.notes:
            put_text(sheet, row, _LABEL, note, small)
            row += 1
    data = f"Data of {time_words(report.data_time, report.timezone)}, version {report.data_version}."
    put_text(sheet, row + 1, _LABEL, data, small)
    return row + 1


def _write_rows(sheet: Worksheet, section: RowTable, looks: Looks) -> None:
    listed = section.listed
    sheet.set_column(0, 0, 4)
    row = 3
    if section.why or not listed.rows:
        put_text(sheet, row, 1, f"n/a: {section.why}" if section.why else "None.", looks.get(italic=True))
        return
    put_text(sheet, row, 0, "", looks.header())
    for column, each in enumerate(listed.columns, 1):
        sheet.set_column(column, column, 13 if is_numeric(each) or each.type.value == "date" else 24)
        put_text(sheet, row, column, each.title, looks.header(align="right" if is_numeric(each) else "left"))
    for place, values in enumerate(listed.rows, 1):
        row += 1
        put_number(sheet, row, 0, place, looks, font_color=MUTED)
        for column, (value, each) in enumerate(zip(values, listed.columns, strict=True), 1):
            _put_cell(sheet, row, column, value, number_format(each.unit) if each.unit else "", looks)
    words = [f"{len(listed.rows)} of {listed.total:,}."] if listed.total > len(listed.rows) else []
    words += [listed.listing.meaning] if listed.listing.meaning else []
    put_text(sheet, row + 2, 1, " ".join(words), looks.get(font_size=9, font_color=MUTED))
    sheet.repeat_rows(3)
    _for_print(sheet, row + 2, len(listed.columns))


def _put_cell(sheet: Worksheet, row: int, column: int, value: object, shown: str, looks: Looks) -> None:
    if value is None:
        put_text(sheet, row, column, "–", looks.body(font_color=MUTED))
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        whole = isinstance(value, int) and shown.startswith("#,##0.0")
        put_number(sheet, row, column, float(value), looks, num_format=shown.replace(".0", "") if whole else shown)
    elif isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        put_date(sheet, row, column, day, looks.body(num_format=DAY_FORMAT, align="left"))
    else:
        put_text(sheet, row, column, str(value), looks.body())
