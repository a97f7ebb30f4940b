"""A report on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kpicore import Note, Wording, harmless, terminal_table
from kpicore_reports.filled_report import FilledReport
from kpicore_reports.filled_sections import (
    FigureTable,
    MemberTable,
    MonthTable,
    MyTable,
    ReportNumber,
    RowTable,
    Shown,
)
from kpicore_reports.report_words import EMPTY, change_of, reached, shown, with_rows
from kpicore_reports.terminal_rows import rows

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table
    from rich.text import Text

_COLOURS = {True: "green", False: "red", None: ""}
_STATUS = {"good": "green", "fair": "yellow", "poor": "red"}
_PIPED = 100
_NOTES = 12


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
        for part in _section(section, report):
            screen.print(part)
    screen.print()
    for note in report.notes[:_NOTES]:
        screen.print(Text(f"· {harmless(note)}", style="dim"))
    if len(report.notes) > _NOTES:
        screen.print(Text(f"· … and {len(report.notes) - _NOTES} more notes: see --html", style="dim"))
    screen.print(Text(report.data_words, style="dim"))


def _section(section: Shown, report: FilledReport) -> Iterator[RenderableType]:
    match section:
        case FigureTable():
            yield _figures(section.numbers, in_progress=bool(report.progress))
        case MyTable():
            yield _mine(section)
        case MemberTable():
            yield from _members(section, report.wording)
        case MonthTable():
            yield _months(section)
        case RowTable():
            yield from rows(section, report.timezone)


def _figures(numbers: Sequence[ReportNumber], *, in_progress: bool) -> Table:
    from rich.text import Text

    has_targets = any(number.target is not None for number in numbers)
    columns = [
        "To date" if in_progress else "Now",
        "Before",
        "Change",
        *(["Target", "Reached"] if has_targets else []),
    ]
    table = terminal_table("KPI", names=1, show_edge=False)
    table.add_numbers(*columns)
    for number in numbers:
        change, good = change_of(number)
        of_target = [
            Text("" if number.target is None else shown(number.target, number.kpi.unit)),
            Text(reached(number)),
        ]
        table.add_row(
            Text(number.kpi.title),
            _value(number),
            Text(shown(number.before.value, number.kpi.unit) if number.before else "", style="dim"),
            Text(change, style=_COLOURS[good]),
            *(of_target if has_targets else []),
        )
    return table


def _value(number: ReportNumber) -> Text:
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

    table = terminal_table("KPI", names=1, show_edge=False)
    table.add_numbers(harmless(section.me), "Before", "Change", "Median", "Of")
    for mine in section.numbers:
        change, good = change_of(mine.number)
        number = mine.number
        table.add_row(
            Text(number.kpi.title),
            _value(number),
            Text(shown(number.before.value, number.kpi.unit) if number.before else "", style="dim"),
            Text(change, style=_COLOURS[good]),
            Text(shown(mine.median, number.kpi.unit)),
            Text(f"{mine.members} {section.others}" if mine.median is not None else ""),
        )
    return table


def _members(section: MemberTable, wording: Wording) -> Iterator[RenderableType]:
    """Yield members down and KPIs across; what is wider than the screen stands in pieces below each other."""
    from rich.text import Text

    if not section.lines:
        yield Text(wording.note(Note.of("nothing_to_show")), style="dim")
        yield from (Text(harmless(remark), style="yellow") for remark in section.remarks)
        return
    table = terminal_table(" · ".join(name.replace("_", " ") for name in section.by), names=1, show_edge=False)
    table.add_numbers(*(_broken(section, at) for at in range(len(section.kpis))))
    for line in section.lines:
        table.add_row(Text(harmless(line.label)), *map(_value, line.numbers))
    table.add_section()
    table.add_row(Text("All", style="bold"), *map(_value, section.whole.numbers))
    yield table
    yield from (Text(harmless(remark), style="yellow") for remark in section.remarks)


def _broken(section: MemberTable, at: int) -> str:
    """Return the title of a column, broken between words so that it is no wider than its numbers."""
    from textwrap import fill

    title = section.kpis[at].title
    longest = max(len(with_rows(line.numbers[at])) for line in (*section.lines, section.whole))
    width = max(longest, *(len(word) for word in title.split()))
    return fill(title, width, break_long_words=False, break_on_hyphens=False)


def _months(section: MonthTable) -> Table:
    from rich.text import Text

    table = terminal_table("month", names=1, show_edge=False)
    table.add_numbers(*(line.label for line in section.lines), *_target_heads(section))
    for at, month in enumerate(section.months):
        targets = [line.numbers[at] for line in section.lines if _has_target(line.numbers)]
        table.add_row(
            Text(str(month)),
            *(_value(line.numbers[at]) for line in section.lines),
            *(
                Text("" if target.target is None else shown(target.target, target.kpi.unit), style="dim")
                for target in targets
            ),
        )
    return table


def _target_heads(section: MonthTable) -> list[str]:
    return ["Target" for line in section.lines if _has_target(line.numbers)]


def _has_target(numbers: Sequence[ReportNumber]) -> bool:
    return any(number.target is not None for number in numbers)
