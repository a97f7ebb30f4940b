"""`kpi get`: the numbers."""

from __future__ import annotations

import re
import sys
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from kpicore.cli.asking import Command, cuts_given, day_given, question_options
from kpicore.cli.screen import console, json_option, print_json, workspace_option

if TYPE_CHECKING:
    from datetime import date

    from kpicore.insight.result import Result
    from kpicore.model.kpi_requests import KpiRequest
    from kpicore.workspace import Workspace

_STEPS = ("previous", "year", "previous-full", "year-full")
_NOTES = 12
_AS_THEY_ARE = ("kpis", "period", "grain", "by", "guards", "intervals", "to_date")
"""The options that a request takes as they are typed."""

_FORMULA = re.compile(r"[=+\-@\t\r]")
# -5 is a number to a spreadsheet, as it is to people
_PLAIN = re.compile(r"[+-]?[0-9.]+")


def request_options(command: Command) -> Command:
    """Add the KPIs and the options of a request; the command is handed the record of them, as `request`."""

    @click.argument("kpis", metavar="KPI[.VARIANT]...", nargs=-1, required=True)
    @question_options
    @click.option(
        "--grain", metavar="GRAIN", help="Split the period: day, week, month, quarter, half, year, fiscal_year, …"
    )
    @click.option(
        "--to-date", is_flag=True, help="With --grain: each part from the start of the period to its own end."
    )
    @click.option("--by", multiple=True, metavar="DIM", help="One number for each member of a dimension, e.g. rep.")
    @click.option(
        "--compare",
        type=click.Choice(_STEPS, case_sensitive=False),
        help="With the period before, or the same a year ago. Of a period in progress the same days count, unless "
        "-full.",
    )
    @click.option(
        "--guards", is_flag=True, help="Also the KPIs to look at before cheering, e.g. of quality beside quantity."
    )
    @click.option("--interval", "intervals", is_flag=True, help="How sure each share is: its 95 % interval (Wilson).")
    @wraps(command)
    def with_request(where: tuple[str, ...], as_of: str | None, compare: str | None, **options: Any) -> Any:
        from kpicore.model.kpi_requests import KpiRequest

        request = KpiRequest.of(
            **{name: options.pop(name) for name in _AS_THEY_ARE},
            where=cuts_given(where),
            compare=compare.lower() if compare else None,
            as_of=day_given(as_of),
        )
        return command(request=request, **options)

    return with_request


@click.command()
@request_options
@click.option("--rank", is_flag=True, help="A leaderboard, with one --by: best first.")
@click.option("--min-n", type=click.IntRange(min=0), default=0, metavar="N", help="Who has fewer rows is not ranked.")
@click.option("--me", metavar="NAME", help="With one --by: only my number and the median of all, nobody else's.")
@workspace_option
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@json_option
def get(
    request: KpiRequest, rank: bool, min_n: int, me: str | None, workspace: Path, as_csv: bool, as_json: bool
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

    _check(request, rank, min_n, me, as_csv, as_json)
    with open_workspace(workspace) as opened:
        result = opened.ask(request)
        if rank:
            from kpicore.cli.boards import show_ranked

            show_ranked(result, min_n, None if as_json else _below(result, opened, request.as_of))
        elif me is not None:
            from kpicore.cli.boards import show_beside

            below = None if as_json else _below(result, opened, request.as_of)
            show_beside(result, opened.member(request.by[0], me, request.as_of), min_n, below)
        elif as_json:
            print_json(result.records())
        elif as_csv:
            write_csv(result, sys.stdout)
        else:
            _show(result, opened, request)


def _check(request: KpiRequest, rank: bool, min_n: int, me: str | None, as_csv: bool, as_json: bool) -> None:
    """Refuse options that do not go together."""
    context = click.get_current_context()
    if as_csv and as_json:
        raise click.UsageError("give either --csv or --json", context)
    if request.to_date and not request.grain:
        raise click.UsageError("--to-date needs a --grain", context)
    if rank or me is not None:
        of_all = bool(request.compare or request.guards or as_csv or (me is not None and request.intervals))
        _check_board(rank, me, request.by, others=of_all)
    elif min_n:
        raise click.UsageError("--min-n is for --rank and --me", context)


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


def _show(result: Result, workspace: Workspace, request: KpiRequest) -> None:
    from rich.text import Text

    from kpicore.cli.answers import rendered
    from kpicore.model.notes import Note
    from kpicore.wording.phrases import cut_words, notes_once

    screen, written, day = console(), str(request.period), request.as_of
    period = workspace.period(request.period, as_of=day)
    cuts = [cut for cut in result.answers[0].question.cuts if cut[0] not in result.by] if result.answers else []
    heading = [f"{written} = {period}"] if written.strip().casefold() != period.key.casefold() else []
    heading += [cut_words(cuts)] if cuts else []
    heading += [f"as of {day}"] if day else []
    if heading:
        screen.print(Text(" · ".join(heading), style="cyan"))
    if not result.answers:
        screen.print(Text(result.wording.note(Note.of("no_rows_by", dimensions=result.by, period=str(period)))))
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


def _below(result: Result, workspace: Workspace, day: date | None) -> str:
    """Return what stands under a board: which sources are behind, and of when the data is."""
    from kpicore.model.notes import LAGGING
    from kpicore.wording.phrases import notes_once

    behind = notes_once(result.wording.only((LAGGING,)), [*result.answers], result.by)
    return "\n".join([*(f"· {note}" for note in behind), _data_words(result, workspace, day)])


def _data_words(result: Result, workspace: Workspace, day: date | None) -> str:
    from kpicore.wording.phrases import data_words

    money = any(answer.unit.is_money for answer in result.answers)
    currency = f" · money in {workspace.config.currency}" if money else ""
    times = {answer.data_time for answer in result.answers if answer.data_time}
    of = data_words(times or {workspace.engine.at(day).state.time}, workspace.config.timezone)
    return f"Data of {of}{currency}"


def write_csv(result: Result, out: TextIO) -> None:
    """Write a header and one row an answer; an empty cell is no value, several values of a filter are apart by ";"."""
    import csv

    records = result.records()
    dimensions = list(dict.fromkeys(name for record in records for name in record["cuts"]))
    compared = (
        ["compared_period", "compared_first_day", "compared_last_day", "compared_value", "change"]
        if result.compared
        else []
    )
    columns = ["kpi", "variant", "period", "value", "unit", "reason", "n", *compared, "data_time"]
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow([*columns[:3], *dimensions, *columns[3:]])
    for record in records:
        # dimensions are written by people: in a CSV, "=" at the front would be run as a formula
        cuts = [_csv_text(record["cuts"].get(name, "")) for name in dimensions]
        rows.writerow([*(record[name] for name in columns[:3]), *cuts, *(record[name] for name in columns[3:])])


def _csv_text(names: str | list[str]) -> str:
    """Return names as a cell that no spreadsheet reads as a formula."""
    text = names if isinstance(names, str) else "; ".join(names)
    return f"'{text}" if _FORMULA.match(text) and not _PLAIN.fullmatch(text) else text
