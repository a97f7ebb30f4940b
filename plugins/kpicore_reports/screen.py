"""A report on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kpicore import ListedColumn, Type, harmless, time_words
from kpicore_reports.filled import (
    FigureTable,
    FilledReport,
    MemberTable,
    MonthTable,
    MyTable,
    Number,
    RowTable,
    Shown,
)
from kpicore_reports.words import EMPTY, cell, change_of, is_numeric, reached, shown, with_rows

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table
    from rich.text import Text

_COLOURS = {True: "green", False: "red", None: ""}
_STATUS = {"good": "green", "fair": "yellow", "poor": "red"}
_PIPED = 100
_NOTES = 12
_NARROWEST = 6
_GAP = 3
"""Between two columns."""


def console() -> Console:
    """Return the terminal; plain text of a fixed width where the output is a file or a pipe."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else _PIPED, highlight=False)


def show(report: FilledReport, screen: Console) -> None:
    """Print the report."""
    from rich.text import Text

    screen.print(Text(report.name, style="bold").append(f"  {harmless(report.company)}", style="dim"))
    screen.print(Text(f"{report.subtitle}; amounts in {report.currency}", style="dim"))
    for section in report.sections:
        screen.print()
        screen.print(Text(section.title, style="bold cyan"))
        for part in _section(section, report, screen.width):
            screen.print(part)
    screen.print()
    for note in report.notes[:_NOTES]:
        screen.print(Text(f"· {harmless(note)}", style="dim"))
    if len(report.notes) > _NOTES:
        screen.print(Text(f"· … and {len(report.notes) - _NOTES} more notes: see --html", style="dim"))
    screen.print(Text(f"Data of {time_words(report.data_time, report.timezone)}", style="dim"))


def _section(section: Shown, report: FilledReport, width: int) -> Iterator[RenderableType]:
    match section:
        case FigureTable():
            yield _figures(section.numbers, in_progress=bool(report.progress))
        case MyTable():
            yield _mine(section)
        case MemberTable():
            yield from _members(section, width)
        case MonthTable():
            yield _months(section)
        case RowTable():
            yield from _rows(section, report.timezone, width)


def _table(*columns: str) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    found = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False, show_edge=False)
    for at, each in enumerate(columns):
        found.add_column(each, justify="right" if at else "left", overflow="fold")
    return found


def _figures(numbers: Sequence[Number], *, in_progress: bool) -> Table:
    from rich.text import Text

    has_targets = any(each.target is not None for each in numbers)
    columns = [
        "KPI",
        "To date" if in_progress else "Now",
        "Before",
        "Change",
        *(["Target", "Reached"] if has_targets else []),
    ]
    found = _table(*columns)
    for column in found.columns[1:]:
        column.no_wrap = True
    for each in numbers:
        change, good = change_of(each)
        of_target = [Text("" if each.target is None else shown(each.target, each.kpi.unit)), Text(reached(each))]
        found.add_row(
            Text(each.kpi.title),
            _value(each),
            Text(shown(each.before.value, each.kpi.unit) if each.before else "", style="dim"),
            Text(change, style=_COLOURS[good]),
            *(of_target if has_targets else []),
        )
    return found


def _value(number: Number) -> Text:
    from rich.text import Text

    if number.value is None and not number.why:
        return Text(EMPTY, style="dim")
    style = "yellow" if number.value is None else f"bold {_STATUS.get(number.status, '')}".strip()
    text = Text(shown(number.value, number.kpi.unit), style=style)
    if number.kpi.is_rate and number.value is not None:
        text.append(f" ({number.n:,})", style="dim")
    return text


def _mine(section: MyTable) -> Table:
    from rich.text import Text

    found = _table("KPI", harmless(section.me), "Before", "Change", "Median", "of")
    for each in section.numbers:
        change, good = change_of(each.number)
        number = each.number
        found.add_row(
            Text(number.kpi.title),
            _value(number),
            Text(shown(number.before.value, number.kpi.unit) if number.before else "", style="dim"),
            Text(change, style=_COLOURS[good]),
            Text(shown(each.median, number.kpi.unit)),
            Text(f"{each.members} reps" if each.median is not None else ""),
        )
    return found


def _members(section: MemberTable, width: int) -> Iterator[RenderableType]:
    """Yield the table; where it is wider than the screen, members across and KPIs down or in pieces."""
    from rich.text import Text

    if not section.lines:
        yield Text("Nothing to show in this period.", style="dim")
        return
    head = " · ".join(each.replace("_", " ") for each in section.by)
    for places in _pieces(section, width):
        found = _table(head, *(_broken(section, at) for at in places))
        for column in found.columns:
            column.no_wrap = True
        for line in section.lines:
            found.add_row(Text(harmless(line.label)), *(_value(line.numbers[at]) for at in places))
        found.add_section()
        found.add_row(Text("All", style="bold"), *(_value(section.whole.numbers[at]) for at in places))
        yield found


def _pieces(section: MemberTable, width: int) -> Iterator[list[int]]:
    """Yield the places of the KPIs that stand in one table, as many as fit."""
    first = max(len(section.by) * 12, *(len(line.label) for line in section.lines)) + _GAP
    left, piece = width - first, list[int]()
    for at in range(len(section.kpis)):
        wanted = _column_width(section, at) + _GAP
        if piece and wanted > left:
            yield piece
            left, piece = width - first, []
        piece.append(at)
        left -= wanted
    yield piece


def _column_width(section: MemberTable, at: int) -> int:
    longest = max(len(with_rows(line.numbers[at])) for line in (*section.lines, section.whole))
    return max(longest, *(len(each) for each in section.kpis[at].title.split()))


def _broken(section: MemberTable, at: int) -> str:
    """Return the title of a column, broken between words so that it is no wider than its numbers."""
    from textwrap import fill

    return fill(section.kpis[at].title, _column_width(section, at), break_long_words=False, break_on_hyphens=False)


def _months(section: MonthTable) -> Table:
    from rich.text import Text

    found = _table("month", *(each.label for each in section.lines), *_target_heads(section))
    for at, month in enumerate(section.months):
        targets = [line.numbers[at] for line in section.lines if _has_target(line.numbers)]
        found.add_row(
            Text(str(month)),
            *(_value(line.numbers[at]) for line in section.lines),
            *(Text("" if each.target is None else shown(each.target, each.kpi.unit), style="dim") for each in targets),
        )
    return found


def _target_heads(section: MonthTable) -> list[str]:
    return ["Target" for line in section.lines if _has_target(line.numbers)]


def _has_target(numbers: Sequence[Number]) -> bool:
    return any(each.target is not None for each in numbers)


def _rows(section: RowTable, timezone: str, width: int) -> Iterator[RenderableType]:
    """Yield a line a row; texts are cut where the screen is too narrow, numbers and dates never."""
    from rich.text import Text

    listed = section.listed
    if section.why or not listed.rows:
        yield Text(f"n/a: {section.why}" if section.why else "None.", style="yellow" if section.why else "dim")
        return
    cells = [
        [cell(value, column, timezone) for value, column in zip(row, listed.columns, strict=True)]
        for row in listed.rows
    ]
    places = _told_once(cells)
    columns, cells = [listed.columns[at] for at in places], [[row[at] for at in places] for row in cells]
    heads = [each.title if each.type is Type.TEXT else each.title.replace(" ", "\n") for each in columns]
    found = _table("", *heads)
    found.columns[0].no_wrap = True
    for column, each, limit in zip(found.columns[1:], columns, _limits(columns, cells, width), strict=True):
        column.justify = "right" if is_numeric(each) else "left"
        column.no_wrap, column.overflow, column.max_width = True, "ellipsis", limit
    for place, row in enumerate(cells, 1):
        found.add_row(Text(str(place), style="dim"), *(Text(each) for each in row))
    yield found
    if listed.total > len(listed.rows):
        yield Text(f"{len(listed.rows)} of {listed.total:,}", style="dim")


def _told_once(cells: Sequence[Sequence[str]]) -> list[int]:
    """Return the places of the columns that tell something: not those that another one says in every row."""
    places = list(range(len(cells[0])))

    def told(at: int) -> bool:
        return any(all(row[at] != EMPTY and row[at] in row[by] for row in cells) for by in places if by < at)

    return [at for at in places if not told(at)]


def _limits(columns: Sequence[ListedColumn], cells: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return how wide each column may be: the widest texts give way until all fit."""
    heads = [max(len(word) for word in each.title.split()) for each in columns]
    wide = [max(heads[at], *(len(row[at]) for row in cells)) for at in range(len(columns))]
    texts = [at for at, each in enumerate(columns) if each.type is Type.TEXT]
    over = sum(wide) + _GAP * len(columns) + len(str(len(cells))) - width
    while over > 0 and texts:
        widest = max(texts, key=lambda at: wide[at])
        if wide[widest] <= _NARROWEST:
            break
        wide[widest] -= 1
        over -= 1
    return wide
