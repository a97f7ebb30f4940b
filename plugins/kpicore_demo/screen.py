"""What `kpi demo` prints: a progress bar, the table of KPIs, what to try next."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from kpicore import SHARE, UNCOVERED, Unit, change_in_points, is_good, per_cent, rounded, terminal_table
from kpicore_demo.company import AS_OF
from kpicore_demo.export import FILE
from kpicore_xlsx.summary.contents import Summary, SummaryLine

SHOWN = (
    ("Sales", ("revenue", "total_sales", "won_deals", "avg_deal_size", "mrr")),
    ("Pipeline", ("opportunities_created", "win_rate", "pipeline_value", "sales_cycle")),
    ("Leads and cost", ("new_leads", "mql_to_sql_rate", "cpl", "cac", "ltv_cac")),
    ("Customers", ("new_customers", "churn_rate", "upsell_cross_sell", "nps")),
)
_WIDTH = 80
_SUFFIXES = {"days": " d", "minutes": " min", "hours": " h"}


@contextmanager
def progress() -> Iterator[Callable[[str, float], None]]:
    """Show a bar on a terminal, nothing elsewhere; give what to call with a step and how far it is."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=28),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
    )
    with bar:
        task = bar.add_task("starting", total=1.0)
        yield lambda step, done: bar.update(task, description=f"{step:<32}", completed=done, refresh=True)


def show(report: Summary, folder: Path, workbook: str) -> None:
    """Print the KPIs of the report and what to try next."""
    console = Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False, soft_wrap=False)
    console.print()
    console.print(Text(report.name, style="bold"))
    console.print(Text(_subtitle(report), style="dim"))
    console.print()
    console.print(_table(report, _arrows(console)))
    console.print()
    for remark in _remarks(report):
        console.print(Text(remark, style="dim"))
    console.print()
    console.print(Text("Made ").append(str(folder / workbook), style="bold").append(": open it in any spreadsheet."))
    console.print(Text("Try next:"))
    for command, meaning in _next(report, folder):
        console.print(
            Text("  ").append(f"{command:<48} " if meaning else command, style="cyan").append(meaning, style="dim")
        )


def _subtitle(report: Summary) -> str:
    before = f", against {report.before}" if report.before else ""
    return f"{report.period} {report.progress}{before}; amounts in {report.currency}"


def _arrows(console: Console) -> tuple[str, str]:
    """Return the signs for up and down that the terminal can show."""
    try:
        "▲▼".encode(console.encoding)
    except (UnicodeEncodeError, LookupError):
        return "+", "-"
    return "▲", "▼"


def _table(report: Summary, arrows: tuple[str, str]) -> Table:
    table = terminal_table("KPI", names=1, show_edge=False, padding=0)
    table.add_numbers("To date" if report.progress else "Now", "Before", "Change", "Target", "Reached")
    for group, ids in SHOWN:
        lines = [line for line in map(report.line, ids) if line and line.now]
        if lines:
            table.add_row(Text(group, style="bold cyan"))
        for line in lines:
            table.add_row(*_cells(line, arrows))
    return table


def _cells(line: SummaryLine, arrows: tuple[str, str]) -> tuple[Text, ...]:
    assert line.now is not None
    unit = line.now.unit
    reached = "" if line.attainment is None else f"{per_cent(line.attainment, 0)}%"
    return (
        Text(f"  {line.metric.name}"),
        Text(shown(line.now.value, unit), style="bold" if line.now.value is not None else "dim"),
        Text(shown(line.before.value if line.before else None, unit), style="dim"),
        _change(line, arrows),
        Text("" if line.target is None else shown(line.target, unit)),
        Text(reached),
    )


def _change(line: SummaryLine, arrows: tuple[str, str]) -> Text:
    """Return the change with its direction; green is good news by the KPI's own direction."""
    if line.change is None or line.now is None:
        return Text("")
    points = change_in_points(line.change, line.now.unit)
    size = f"{per_cent(abs(line.change))}%" if points is None else f"{rounded(abs(points), 1)}pt"
    if not line.change:
        return Text(size)
    text = f"{arrows[0] if line.change > 0 else arrows[1]} {size}"
    return Text(text, style={True: "green", False: "red", None: ""}[is_good(line.change, line.metric.better)])


def shown(value: float | None, unit: Unit) -> str:
    """Return a number short enough for a column.

    >>> from kpicore import DAYS, MONEY, SHARE
    >>> shown(0.5816, SHARE), shown(642933.55, MONEY), shown(65.37, DAYS), shown(None, MONEY)
    ('58.2%', '642,934', '65.4 d', 'n/a')
    """
    if value is None:
        return "n/a"
    if unit == SHARE:
        return f"{per_cent(value)}%"
    decimals = 0 if unit.is_money and abs(value) >= 10_000 else unit.decimals
    return f"{rounded(value, decimals)}{_SUFFIXES.get(unit.name, '')}"


def _remarks(report: Summary) -> list[str]:
    """Return what should be known before cheering: what is missing, and what could not be read."""
    remarks: list[str] = []
    cac = report.line("cac")
    if cac and cac.now:
        notes = report.wording.notes(note for note in cac.now.notes if note.kind == UNCOVERED)
        remarks += [f"{cac.metric.name}: {note}." for note in notes]
    if report.unreadable:
        remarks.append(f"{len(report.unreadable)} values could not be read: they stand on the sheet 'About the data'.")
    return remarks


def _next(report: Summary, folder: Path) -> list[tuple[str, str]]:
    period = str(report.period)
    return [
        (f"cd {folder}", ""),
        (f"kpi explain win_rate --period {period}", "what stands behind a number"),
        (f"kpi get total_sales --period {period} --by rep", "one number a sales rep"),
        ("kpi get win_rate.created --period 2026", "another definition"),
        ("kpi coverage", "what the data can answer"),
        (f"kpi import {FILE} --as-of {AS_OF}", "a messy export"),
    ]
