"""`kpi forecast`: what the forecast said in the past, against what came."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kpicore import console, cuts_given, json_option, print_json, terminal_table, workspace_option

if TYPE_CHECKING:
    from kpicore_crm.forecast_accuracy import Accuracy


@click.command()
@click.option("--quarters", type=click.IntRange(1, 40), default=8, show_default=True, help="How many past quarters.")
@click.option("--where", multiple=True, metavar="DIM=VALUE", help="Only these deals, e.g. rep='Ann Lee'.")
@workspace_option
@json_option
def forecast(quarters: int, where: Sequence[str], workspace: Path, as_json: bool) -> None:
    """Show how good sales forecasts were: said at each month's start of past quarters, and what came.

    The forecast of a period to come is a KPI: kpi get sales_forecast.history --period 2026-Q4
    """
    from kpicore import Note, open_workspace
    from kpicore_crm.forecast_accuracy import accuracy

    with open_workspace(workspace) as opened:
        result = accuracy(opened, quarters, cuts_given(where))
        currency, wording = opened.config.currency, opened.wording
    notes = wording.notes(result.notes)
    if as_json:
        said = [past.record() for past in result.said]
        print_json({"mape": result.mape, "bias": result.bias, "said": said, "notes": list(notes)})
        return
    screen = console()
    if result.said:
        screen.print(_table(result))
        screen.print(_summary(result))
    else:
        screen.print(wording.note(Note.of("no_past_quarter")))
    for line in (*notes, f"money in {currency}"):
        screen.print(_text(f"· {line}"))


def _table(result: Accuracy) -> Any:
    from kpicore import rounded

    rows = terminal_table()
    for name in ("quarter", "on"):
        rows.add_column(name, no_wrap=True)
    rows.add_numbers("won so far", "weighted open", "forecast", "came", "error", "open deals")
    for past in result.said:
        rows.add_row(
            past.period.key,
            past.on.isoformat(),
            *(rounded(number, 0) for number in (past.won, past.open, past.forecast, past.came)),
            "–" if past.error is None else _signed(past.error),
            f"{past.deals:,}",
        )
    return rows


def _summary(result: Accuracy) -> Any:
    from kpicore import per_cent

    rows = terminal_table("forecast at the start of")
    for name in ("mean absolute error", "bias"):
        rows.add_column(name, no_wrap=True)
    for name, months in (
        *((f"month {number}", result.of_month(number)) for number in (1, 2, 3)),
        ("any month", result),
    ):
        if months.mape is not None and months.bias is not None:
            rows.add_row(name, f"{per_cent(months.mape, 0)}%", _signed(months.bias))
    return rows


def _signed(error: float) -> str:
    from kpicore import per_cent

    return f"{'-' if error < 0 else '+'}{per_cent(abs(error), 0)}%"


def _text(words: str) -> Any:
    from rich.text import Text

    from kpicore import harmless

    return Text(harmless(words))
