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
    from kpicore import open_workspace
    from kpicore_crm.forecast_accuracy import accuracy

    with open_workspace(workspace) as opened:
        found = accuracy(opened, quarters, cuts_given(where))
        currency, notes = opened.config.currency, opened.wording.notes(found.notes)
    if as_json:
        said = [each.record() for each in found.said]
        print_json({"mape": found.mape, "bias": found.bias, "said": said, "notes": list(notes)})
        return
    screen = console()
    if found.said:
        screen.print(_table(found))
        screen.print(_summary(found))
    else:
        screen.print("No past quarter to look at.")
    for each in (*notes, f"money in {currency}"):
        screen.print(_text(f"· {each}"))


def _table(found: Accuracy) -> Any:
    rows = terminal_table()
    for name in ("quarter", "on"):
        rows.add_column(name, no_wrap=True)
    rows.add_numbers("won so far", "weighted open", "forecast", "came", "error", "open deals")
    for each in found.said:
        rows.add_row(
            each.period.key,
            each.on.isoformat(),
            *(f"{number:,.0f}" for number in (each.won, each.open, each.forecast, each.came)),
            "–" if each.error is None else f"{each.error:+.0%}",
            f"{each.deals:,}",
        )
    return rows


def _summary(found: Accuracy) -> Any:
    rows = terminal_table("forecast at the start of")
    for name in ("mean absolute error", "bias"):
        rows.add_column(name, no_wrap=True)
    for name, some in (
        *((f"month {number}", found.of_month(number)) for number in (1, 2, 3)),
        ("any month", found),
    ):
        if some.mape is not None and some.bias is not None:
            rows.add_row(name, f"{some.mape:.0%}", f"{some.bias:+.0%}")
    return rows


def _text(words: str) -> Any:
    from rich.text import Text

    from kpicore import harmless

    return Text(harmless(words))
