"""`kpi cohort`: customers by when they first bought, and what they did at each age since."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpicore import (
    console,
    cuts_given,
    fits,
    json_option,
    period_option,
    print_json,
    terminal_table,
    where_option,
    workspace_option,
)

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from kpicore import Note, Workspace
    from kpicore_crm.cohorts import Age, Cohort, Cohorts

_FEWEST = 4
"""So many ages stand beside each other at the least, however narrow the terminal is."""


@click.command()
@click.argument("show", metavar="[VIEW]", default="retention")
@period_option
@click.option(
    "--by",
    multiple=True,
    default=("month",),
    show_default=True,
    metavar="GRAIN|DIM",
    help="What a cohort has in common: month, quarter, week, fiscal_month …, or a dimension of the customer.",
)
@where_option
@click.option("--age", metavar="GRAIN", help="Unit of ages: month, unless cohorts are by day or week.")
@click.option("--ages", type=click.IntRange(min=0), metavar="N", help="The highest age to show.")
@workspace_option
@json_option
def cohort(
    show: str,
    period: str,
    by: tuple[str, ...],
    where: tuple[str, ...],
    age: str | None,
    ages: int | None,
    workspace: Path,
    as_json: bool,
) -> None:
    """Show customers by when they first bought and by age: how many came back, what they brought.

    VIEW is retention, customers, repeat, orders, revenue or ltv. An age that has not come, or that no
    loaded order reaches, stays empty; one that is in progress is marked with *.

    \b
    kpi cohort --period 2026
    kpi cohort ltv --by quarter --period 2025..2026
    kpi cohort repeat --by month --by segment --period 2026-H1 --where country=HU
    """
    from kpicore import open_workspace
    from kpicore_crm.cohorts import cohorts

    with open_workspace(workspace) as opened:
        cuts = cuts_given(where)
        triangle = cohorts(opened, show.strip().lower(), period, by=by, where=cuts, age=age, ages=ages)
        if as_json:
            print_json(triangle.records())
        else:
            _show(triangle, opened)


def _show(triangle: Cohorts, workspace: Workspace) -> None:
    from rich.text import Text

    from kpicore import harmless, time_words
    from kpicore_crm.cohorts import VIEWS

    screen = console()
    view = VIEWS[triangle.show]
    money = f", in {workspace.config.currency}" if view.unit.is_money else ""
    ages = f"ages in {triangle.grain.words}s since the first purchase"
    screen.print(Text(f"{triangle.show}: {view.meaning}{money}; {ages}", style="cyan"))
    for block in _blocks(triangle, screen):
        screen.print(block)
    for words in workspace.wording.notes([*_legend(triangle), *triangle.notes]):
        screen.print(Text(f"· {harmless(words)}"))
    screen.print(Text(f"Data of {time_words(triangle.data_time, workspace.config.timezone)}", style="dim"))


def _legend(triangle: Cohorts) -> Iterator[Note]:
    """Yield what the signs in the triangle stand for, and what its total is of."""
    from kpicore import Note

    if any(age.maturing for cohort in triangle.cohorts for age in cohort.ages):
        yield Note.of("age_in_progress", unit=triangle.grain.words)
    if any(cohort.size is None for cohort in triangle.cohorts):
        yield Note.of("cohort_without_size")
    if any(
        len({age.size for age in cohort.ages if age.reason is None}) > 1
        for cohort in (*triangle.cohorts, triangle.total)
    ):
        yield Note.of("cohorts_together")


def _blocks(triangle: Cohorts, screen: Console) -> list[Table]:
    """Return the triangle in as many tables below each other as the width of the terminal needs."""
    # ages that are empty in every row are left out at the end
    count = max(1, *(_shown_ages(triangle.show, cohort) for cohort in (*triangle.cohorts, triangle.total)))
    # As many ages beside each other as fit, but never so few that a row cannot be followed.
    for wide in range(count, 0, -1):
        tables = [_table(triangle, start, min(start + wide, count)) for start in range(0, count, wide)]
        if wide <= _FEWEST or all(fits(table, screen) for table in tables):
            return tables
    return []


def _shown_ages(show: str, cohort: Cohort) -> int:
    """Return how many ages there are up to the last that has anything to show."""
    from kpicore_crm.cohorts.views import shown

    return max((age.age + 1 for age in cohort.ages if shown(show, age)), default=0)


def _table(triangle: Cohorts, start: int, end: int) -> Table:
    from rich.text import Text

    from kpicore import harmless

    table = terminal_table(*triangle.by, names=len(triangle.by))
    table.add_numbers("size", *(str(age) for age in range(start, end)))
    for cohort in (*triangle.cohorts, triangle.total):
        total = cohort is triangle.total
        label = ["all", *[""] * (len(triangle.by) - 1)] if total else [harmless(word) for word in cohort.label]
        cells = (_cell(triangle.show, age) for age in cohort.ages[start:end])
        table.add_row(*(Text(word, style="bold" if total else "") for word in label), _size(cohort), *cells)
    return table


def _size(cohort: Cohort) -> Text:
    from rich.text import Text

    return Text("–" if cohort.size is None else f"{cohort.size:,}", style="dim")


def _cell(show: str, age: Age) -> Text:
    from rich.text import Text

    from kpicore_crm.cohorts.views import shown

    return Text(shown(show, age), style="yellow" if age.maturing else "")
