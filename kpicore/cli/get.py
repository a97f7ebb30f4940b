"""`kpi get`: the numbers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpicore.cli.asking import cuts_given, day_given, question_options
from kpicore.cli.screen import console, json_option, print_json, workspace_option

if TYPE_CHECKING:
    from datetime import date

    from kpicore.insight.result import Result
    from kpicore.workspace import Workspace

_STEPS = ("previous", "year", "previous-full", "year-full")
_NOTES = 12


@click.command()
@click.argument("kpis", metavar="KPI[.VARIANT]...", nargs=-1, required=True)
@question_options
@click.option(
    "--grain", metavar="GRAIN", help="Split the period: day, week, month, quarter, half, year, fiscal_year, …"
)
@click.option("--to-date", is_flag=True, help="With --grain: each part from the start of the period to its own end.")
@click.option("--by", multiple=True, metavar="DIM", help="One number for each member of a dimension, e.g. rep.")
@click.option(
    "--compare",
    type=click.Choice(_STEPS, case_sensitive=False),
    help="With the period before, or the same a year ago. Of a period in progress the same days count, unless -full.",
)
@click.option(
    "--guards", is_flag=True, help="Also the KPIs to look at before cheering, e.g. of quality beside quantity."
)
@click.option("--interval", is_flag=True, help="How sure each share is: its 95 % interval (Wilson).")
@click.option("--rank", is_flag=True, help="A leaderboard, with one --by: best first.")
@click.option("--min-n", type=click.IntRange(min=0), default=0, metavar="N", help="Who has fewer rows is not ranked.")
@click.option("--me", metavar="NAME", help="With one --by: only my number and the median of all, nobody else's.")
@workspace_option
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@json_option
def get(
    kpis: tuple[str, ...],
    period: str,
    where: tuple[str, ...],
    as_of: str | None,
    grain: str | None,
    to_date: bool,
    by: tuple[str, ...],
    compare: str | None,
    guards: bool,
    interval: bool,
    rank: bool,
    min_n: int,
    me: str | None,
    workspace: Path,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Answer one or more KPIs for a period.

    \b
    kpi get KPI --period 2026-Q3 --compare previous
    kpi get KPI.VARIANT KPI --period 2026 --grain month --by rep
    kpi get total_sales --period 2026 --grain month --to-date --compare year
    kpi get aov --period "last month" --where channel=web --where channel=phone
    kpi get KPI --period 2026-Q3 --by rep --rank --min-n 10
    kpi get KPI --period 2026-Q3 --by rep --me "Ann Lee"
    """
    from kpicore.workspace import open_workspace

    if as_csv and as_json:
        raise click.UsageError("give either --csv or --json", click.get_current_context())
    if to_date and not grain:
        raise click.UsageError("--to-date needs a --grain", click.get_current_context())
    if rank or me is not None:
        _check_board(rank, me, by, others=bool(compare or guards or as_csv or (me is not None and interval)))
    elif min_n:
        raise click.UsageError("--min-n is for --rank and --me", click.get_current_context())
    day = day_given(as_of)
    with open_workspace(workspace) as opened:
        result = opened.get(
            kpis,
            period,
            grain=grain,
            by=by,
            where=cuts_given(where),
            compare=compare.lower() if compare else None,
            as_of=day,
            guards=guards,
            intervals=interval,
            to_date=to_date,
        )
        if rank:
            from kpicore.cli.boards import show_ranked

            show_ranked(result, min_n, None if as_json else _data_words(result, opened, day))
        elif me is not None:
            from kpicore.cli.boards import show_beside

            told = None if as_json else _data_words(result, opened, day)
            show_beside(result, opened.member(by[0], me, day), min_n, told)
        elif as_json:
            print_json(result.records())
        elif as_csv:
            from kpicore.cli.sheet import write_csv

            write_csv(result, sys.stdout)
        else:
            _show(result, opened, period, day)


def _check_board(rank: bool, me: str | None, by: tuple[str, ...], *, others: bool) -> None:
    """Refuse what a leaderboard, or "me beside the median", cannot be asked together with."""
    context = click.get_current_context()
    if rank and me is not None:
        raise click.UsageError("give either --rank or --me", context)
    if len(by) != 1:
        raise click.UsageError(f"{'--rank' if rank else '--me'} needs exactly one --by, e.g. --by rep", context)
    if others:
        what = "--compare, --guards or --csv" if rank else "--compare, --guards, --interval or --csv"
        raise click.UsageError(f"{'--rank' if rank else '--me'} does not go with {what}", context)


def _show(result: Result, workspace: Workspace, asked: str, day: date | None) -> None:
    from rich.text import Text

    from kpicore.cli.answers import rendered
    from kpicore.wording.phrases import cut_words, notes_once

    screen, period = console(), workspace.period(asked, as_of=day)
    cuts = [cut for cut in result.answers[0].question.cuts if cut[0] not in result.by] if result.answers else []
    heading = [f"{asked} = {period}"] if asked.strip().casefold() != period.key.casefold() else []
    heading += [cut_words(cuts)] if cuts else []
    heading += [f"as of {day}"] if day else []
    if heading:
        screen.print(Text(" · ".join(heading), style="cyan"))
    if not result.answers:
        screen.print(Text(f"No rows by {' and '.join(result.by)} in {period}."))
    for part in rendered(result, screen) if result.answers else ():
        screen.print(part)
    for line in result.days_told():
        screen.print(Text(line, style="dim"))
    notes = notes_once(result.wording, [*result.answers], result.by)
    for note in notes[:_NOTES]:
        screen.print(Text(f"· {note}"))
    if len(notes) > _NOTES:
        screen.print(Text(f"· … and {len(notes) - _NOTES} more notes: see --json"))
    screen.print(Text(_data_words(result, workspace, day), style="dim"))


def _data_words(result: Result, workspace: Workspace, day: date | None) -> str:
    from kpicore.wording.phrases import time_words

    money = any(answer.unit.is_money for answer in result.answers)
    currency = f" · money in {workspace.config.currency}" if money else ""
    time = workspace.engine.at(day).state.time
    return f"Data of {time_words(time, workspace.config.timezone)}{currency}"
