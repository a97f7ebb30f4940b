"""A report as one HTML file that needs nothing else: styles and charts are in it, and no script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from kpicore import Note, Type, Wording, write_whole
from kpicore_reports.filled_report import FilledReport
from kpicore_reports.filled_sections import (
    FigureTable,
    MemberTable,
    MonthTable,
    MyTable,
    ReportNumber,
    RowTable,
    Shown,
    TableLine,
)
from kpicore_reports.report_words import NUMERIC, cell, change_of, is_numeric, reached, shown
from kpicore_reports.svg_charts import Markup, bars, element, funnel, months

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""The browser is told to load nothing: what a customer is called can do no harm."""


def write_page(report: FilledReport, file: Path) -> None:
    """Write the page. Raises KpiError when the file cannot be written."""
    write_whole(file, page(report), hint="Name another file.")


def page(report: FilledReport) -> str:
    """Return the page as text."""
    style = Markup(files(__package__ or "kpicore_reports").joinpath("page.css").read_text(encoding="utf-8"))
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", f"{report.name} {report.period}: {report.company}"),
        element("style", style),
    )
    sections = (
        element("section", element("h2", section.title), *_inside(section, report)) for section in report.sections
    )
    body = element("body", element("main", _header(report), *sections, _notes(report), _footer(report)))
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def _header(report: FilledReport) -> Markup:
    company = element("p", report.company, class_="company")
    return element("header", company, element("h1", report.name), element("p", report.subtitle))


def _notes(report: FilledReport) -> Markup:
    if not report.notes:
        return Markup("")
    items = element("ul", *(element("li", note) for note in report.notes), class_="notes")
    return element("section", element("h2", "Notes"), items)


def _footer(report: FilledReport) -> Markup:
    brackets = report.wording.note(Note.of("rates_in_brackets"))
    return element("footer", f"{report.data_line} Amounts in {report.currency}. {brackets}")


def _inside(section: Shown, report: FilledReport) -> Iterator[Markup]:
    match section:
        case FigureTable():
            targets = any(figure.target is not None for figure in report.figures())
            yield _figures(section, "To date" if report.progress else "Now", targets)
        case MyTable():
            yield _mine(section)
        case MemberTable():
            yield from _members(section, report.wording)
        case MonthTable():
            yield from _months(section, report)
        case RowTable():
            yield from _rows(section, report.timezone)


def _table(heads: Sequence[tuple[str, bool]], rows: Sequence[Markup], look: str | None = None) -> Markup:
    """Return a table; a head that is numeric stands to the right."""
    cells = (element("th", text, scope="col", class_="number" if right else None) for text, right in heads)
    return element("table", element("thead", element("tr", *cells)), element("tbody", *rows), class_=look)


def _figures(section: FigureTable, now: str, targets: bool) -> Markup:
    heads = [("KPI", False), (now, True), ("Before", True), ("Change", True)]
    heads += [("Target", True), ("Reached", True)] if targets else []
    return _table(heads, [_figure(number, targets) for number in section.numbers], "figures")


def _figure(number: ReportNumber, targets: bool) -> Markup:
    cells = [
        element("th", number.kpi.title, scope="row", title=number.kpi.meaning or None),
        _value(number, strong=True),
        _before(number),
        _change(number),
    ]
    if targets:
        target = "" if number.target is None else shown(number.target, number.kpi.unit)
        cells += [element("td", target, class_="number"), element("td", *_reached(number), class_="number")]
    return element("tr", *cells)


def _value(number: ReportNumber, *, strong: bool = False) -> Markup:
    look = "number strong" if strong else "number"
    if number.value is None:
        return element("td", element("span", *_missing(number), title=number.why or None), class_=look)
    badge = (element("span", number.status, class_=f"badge {_BADGES[number.status]}"),) if number.status else ()
    rows = (element("span", f" ({number.n:,})", class_="n"),) if number.kpi.is_rate else ()
    return element("td", *badge, shown(number.value, number.kpi.unit), *rows, class_=look)


_LOOKS = {Type.DATE: "day", Type.MOMENT: "day"} | dict.fromkeys(NUMERIC, "number")
_BADGES = {"good": "good", "fair": "fair", "poor": "bad"}


def _missing(number: ReportNumber) -> tuple[Markup, ...]:
    return (element("span", "n/a", class_="missing"),) if number.why else (element("span", "–", class_="muted"),)


def _before(number: ReportNumber) -> Markup:
    return element("td", shown(number.before.value, number.kpi.unit) if number.before else "", class_="number muted")


def _change(number: ReportNumber) -> Markup:
    words, good = change_of(number)
    return element("td", words, class_="number" if good is None else "number good" if good else "number bad")


def _reached(number: ReportNumber) -> tuple[Markup | str, ...]:
    if number.reached is None:
        return ("",)
    # The bar is full at 100 %; the number beside it tells the rest.
    filled = element("i", style=f"width:{min(max(number.reached, 0), 1):.0%}")
    return element("span", filled, class_="bar"), reached(number)


def _mine(section: MyTable) -> Markup:
    heads = [("KPI", False), (section.me, True), ("Before", True), ("Change", True), ("Median", True), ("Of", True)]
    rows = []
    for mine in section.numbers:
        number = mine.number
        median = element("span", shown(mine.median, number.kpi.unit), title=mine.why or None)
        cells = [element("th", number.kpi.title, scope="row"), _value(number, strong=True), _before(number)]
        cells += [_change(number), element("td", median, class_="number")]
        cells += [
            element("td", f"{mine.members} {section.others}" if mine.median is not None else "", class_="number muted")
        ]
        rows.append(element("tr", *cells))
    return _table(heads, rows, "figures")


def _members(section: MemberTable, wording: Wording) -> Iterator[Markup]:
    if not section.lines:
        yield element("p", wording.note(Note.of("nothing_to_show")), class_="muted")
        yield from _remarks(section)
        return
    by = " and ".join(name.replace("_", " ") for name in section.by)
    title = f"{section.kpis[0].title} by {by}"
    if section.chart == "bars":
        marked = any(line.numbers[0].target is not None for line in section.lines)
        yield _figured(
            f"{title}; the mark is the target" if marked else title, bars(title, section.kpis[0], section.lines)
        )
    elif section.chart == "funnel":
        yield _figured(title, funnel(title, section.lines))
    heads = [(by.capitalize(), False), *((kpi.title, True) for kpi in section.kpis)]
    yield _table(heads, [*(_line(line) for line in section.lines), _line(section.whole, "whole")])
    yield from _remarks(section)


def _remarks(section: MemberTable) -> Iterator[Markup]:
    return (element("p", remark, class_="remark") for remark in section.remarks)


def _figured(caption: str, chart: Markup) -> Markup:
    return element("figure", element("figcaption", caption), chart)


def _line(line: TableLine, look: str | None = None) -> Markup:
    return element(
        "tr", element("th", line.label, scope="row"), *(_value(number) for number in line.numbers), class_=look
    )


def _months(section: MonthTable, report: FilledReport) -> Iterator[Markup]:
    labels = [f"{month.start:%b %y}" for month in section.months]
    in_progress = report.data_day < section.months[-1].last
    for line in section.lines:
        title = f"{line.label} by month"
        yield _figured(title, months(title, labels, line.numbers, in_progress=in_progress))
    heads = [("", False), *((label, True) for label in labels)]
    yield element("div", _table(heads, [row for line in section.lines for row in _month_rows(line)]), class_="months")


def _month_rows(line: TableLine) -> Iterator[Markup]:
    yield _line(line)
    if any(number.target is not None for number in line.numbers):
        cells = (
            element("td", "" if number.target is None else shown(number.target, number.kpi.unit), class_="number muted")
            for number in line.numbers
        )
        yield element("tr", element("th", "Target", scope="row", class_="muted"), *cells)


def _rows(section: RowTable, timezone: str) -> Iterator[Markup]:
    listed = section.listed
    if section.why or not listed.rows:
        words = f"n/a: {section.why}" if section.why else "None."
        yield element("p", words, class_="missing" if section.why else "muted")
        return
    if listed.listing.meaning:
        yield element("p", listed.listing.meaning, class_="muted")
    heads = [("", True), *((column.title, is_numeric(column)) for column in listed.columns)]
    rows = []
    for place, row in enumerate(listed.rows, 1):
        cells = (
            element(
                "td",
                cell(value, column, timezone),
                class_=_LOOKS.get(column.type) or ("number" if is_numeric(column) else None),
            )
            for value, column in zip(row, listed.columns, strict=True)
        )
        rows.append(element("tr", element("td", str(place), class_="number muted"), *cells))
    yield _table(heads, rows)
    if listed.total > len(listed.rows):
        yield element("p", f"{len(listed.rows)} of {listed.total:,}.", class_="muted")
